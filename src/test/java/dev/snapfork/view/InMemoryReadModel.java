package dev.snapfork.view;

import dev.snapfork.instance.Instance;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.view.ReadModelBatch.InstanceChange;
import dev.snapfork.view.ReadModelBatch.OperationChange;
import dev.snapfork.view.ReadModelBatch.SnapshotChange;
import dev.snapfork.view.ReadModelBatch.Told;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The read model of tests that have no PostgreSQL. */
public final class InMemoryReadModel extends ReadModelWriter {
    /** The read model as it is now; maps by id. */
    public record Rows(
            Map<String, SnapshotRow> snapshots,
            Map<String, InstanceRow> instances,
            Map<String, OperationRow> operations) {
        /** A snapshot's row; {@code deletedAt} is null while it is there. */
        public record SnapshotRow(Snapshot body, @Nullable Instant deletedAt) {}

        /** An instance's row. */
        public record InstanceRow(Instance body, @Nullable Instant deletedAt) {}

        /** An operation's row. */
        public record OperationRow(
                Operation body,
                @Nullable Snapshot snapshot,
                @Nullable Instance instance) {}
    }

    private final Map<String, Rows.SnapshotRow> snapshots = new TreeMap<>();
    private final Map<String, Rows.InstanceRow> instances = new TreeMap<>();
    private final Map<String, Rows.OperationRow> operations = new TreeMap<>();
    private final Map<String, Map<Integer, Long>> checkpoints = new HashMap<>();
    private final Map<String, Map<Integer, Long>> reached = new HashMap<>();
    private final Map<String, Long> overtaken = new TreeMap<>();
    private final Function<Supplier<Boolean>, Uni<Void>> carrier;
    private long epoch = 1;

    public InMemoryReadModel() {
        this(statement -> Uni.createFrom().item(() -> {
            var unused = statement.get();
            return null;
        }));
    }

    /** @param carrier carries statements here from whoever has a batch */
    @SuppressWarnings("NullAway") // nothing that is inherited from uses the pool
    public InMemoryReadModel(Function<Supplier<Boolean>, Uni<Void>> carrier) {
        super(null);
        this.carrier = carrier;
    }

    @Override
    public Uni<Void> apply(ReadModelBatch batch) {
        return carrier.apply(() -> commit(batch));
    }

    private synchronized boolean commit(ReadModelBatch batch) {
        batch.told().forEach(this::note);
        batch.snapshots().forEach(this::put);
        batch.instances().forEach(this::put);
        batch.operations().forEach(this::put);
        batch.checkpoints().forEach(checkpoint -> {
            checkpoints
                    .computeIfAbsent(checkpoint.topic(), topic -> new HashMap<>())
                    .put(checkpoint.partition(), checkpoint.nextOffset());
            reached.computeIfAbsent(checkpoint.topic(), topic -> new HashMap<>())
                    .merge(checkpoint.partition(), checkpoint.nextOffset(), Math::max);
        });
        return true;
    }

    private void note(Told told) {
        var snapshot = snapshots.get(told.id());
        var instance = instances.get(told.id());
        var known = Math.max(
                snapshot == null ? 0 : snapshot.body().version(),
                instance == null ? 0 : instance.body().version());
        var replayed = reached.getOrDefault(told.topic(), Map.of()).getOrDefault(told.partition(), 0L);
        if (told.version() < Math.max(told.newest(), known) && told.at() >= replayed) {
            overtaken.put(told.id(), told.at());
        }
    }

    /** The offsets of late records, by the aggregates that they are about. */
    public synchronized Map<String, Long> overtaken() {
        return new TreeMap<>(overtaken);
    }

    /** What the record at that offset overtook has been told again. */
    public synchronized void toldAgain(String aggregate, long at) {
        overtaken.remove(aggregate, at);
    }

    private void put(SnapshotChange change) {
        snapshots.merge(
                change.body().id().value(),
                new Rows.SnapshotRow(change.body(), change.deletedAt()),
                (old, now) -> now.body().version() > old.body().version() ? now : old);
    }

    private void put(InstanceChange change) {
        instances.merge(
                change.body().id().value(),
                new Rows.InstanceRow(change.body(), change.deletedAt()),
                (old, now) -> now.body().version() > old.body().version() ? now : old);
    }

    private void put(OperationChange change) {
        operations.merge(
                change.body().id().value(),
                new Rows.OperationRow(change.body(), change.snapshot(), change.instance()),
                (old, now) ->
                        old.body().status().settled() || now.body().status() == OperationStatus.ACCEPTED ? old : now);
    }

    @Override
    public synchronized Uni<Map<Integer, Long>> checkpoints(String topic) {
        return Uni.createFrom().item(Map.copyOf(checkpoints.getOrDefault(topic, Map.of())));
    }

    @Override
    public synchronized Uni<Long> epoch() {
        return Uni.createFrom().item(epoch);
    }

    @Override
    public synchronized Uni<Long> askForRebuild() {
        checkpoints.clear();
        return Uni.createFrom().item(++epoch);
    }

    /** A copy of what is there. */
    public synchronized Rows rows() {
        return new Rows(new TreeMap<>(snapshots), new TreeMap<>(instances), new TreeMap<>(operations));
    }
}
