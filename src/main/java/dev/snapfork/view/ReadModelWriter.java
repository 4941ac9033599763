package dev.snapfork.view;

import dev.snapfork.log.WireJson;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/**
 * Writes the read model, for the projection alone. A batch is one transaction with the checkpoint of the records that it came
 * from. Rows only ever move to a newer version, so records of any age, twice or out of order change nothing.
 */
@ApplicationScoped
public class ReadModelWriter {
    private static final String SNAPSHOTS = """
            snapshots as (
            insert into snapshot_view (id, version, name, kind, source_instance_id, created_at, tags, body, deleted_at)
            select body ->> 'id', (body ->> 'version')::bigint, body ->> 'name', body ->> 'kind',
            body ->> 'source_instance_id', (body ->> 'created_at')::timestamptz, coalesce(body -> 'tags', '{}'),
            body, deleted_at
            from jsonb_to_recordset($%d::text::jsonb) as r (body jsonb, deleted_at timestamptz)
            on conflict (id) do update set
            version = excluded.version, name = excluded.name, tags = excluded.tags, body = excluded.body,
            deleted_at = excluded.deleted_at
            where excluded.version > snapshot_view.version)""";
    private static final String INSTANCES = """
            instances as (
            insert into instance_view (id, version, name, state, created_at, tags, body, deleted_at)
            select body ->> 'id', (body ->> 'version')::bigint, body ->> 'name', body ->> 'state',
            (body ->> 'created_at')::timestamptz, coalesce(body -> 'tags', '{}'), body, deleted_at
            from jsonb_to_recordset($%d::text::jsonb) as r (body jsonb, deleted_at timestamptz)
            on conflict (id) do update set
            version = excluded.version, name = excluded.name, state = excluded.state,
            created_at = excluded.created_at, tags = excluded.tags, body = excluded.body,
            deleted_at = excluded.deleted_at
            where excluded.version > instance_view.version)""";
    private static final String SCHEDULES = """
            schedules as (
            insert into schedule_view (id, version, instance_id, next_run_at, plausible_from, body, deleted_at)
            select body ->> 'id', (body ->> 'version')::bigint, body ->> 'instance_id',
            (body ->> 'next_run_at')::timestamptz, plausible_from, body, deleted_at
            from jsonb_to_recordset($%d::text::jsonb)
            as r (body jsonb, plausible_from timestamptz, deleted_at timestamptz)
            on conflict (id) do update set
            version = excluded.version, next_run_at = excluded.next_run_at, plausible_from = excluded.plausible_from,
            body = excluded.body, deleted_at = excluded.deleted_at
            where excluded.version > schedule_view.version)""";
    private static final String OPERATIONS = """
            operations as (
            insert into operation_view
            (id, kind, status, snapshot_id, instance_id, created_at, body, snapshot, instance, schedule)
            select body ->> 'id', body ->> 'kind', body ->> 'status', body ->> 'snapshot_id', body ->> 'instance_id',
            (body ->> 'created_at')::timestamptz, body, snapshot, instance, schedule
            from jsonb_to_recordset($%d::text::jsonb)
            as r (body jsonb, snapshot jsonb, instance jsonb, schedule jsonb)
            on conflict (id) do update set
            status = excluded.status, body = excluded.body,
            snapshot = excluded.snapshot, instance = excluded.instance, schedule = excluded.schedule
            where operation_view.status in ('accepted', 'running') and excluded.status <> 'accepted')""";
    private static final String CHECKPOINTS = """
            checkpoints as (
            insert into projection_checkpoint (topic, partition, next_offset)
            select topic, partition, next_offset
            from jsonb_to_recordset($%d::text::jsonb) as r (topic text, partition integer, next_offset bigint)
            on conflict (topic, partition) do update set next_offset = excluded.next_offset)""";
    /** The checkpoint is in the same transaction: what a crash of PostgreSQL takes back is read from the log again. */
    private static final String NOTICES = """
            select set_config('synchronous_commit', 'off', true),
            (select count(pg_notify($1, notice)) from unnest($2::text[]) as n (notice))""";

    private static final String NEXT_OFFSETS =
            "select partition, next_offset from projection_checkpoint where topic = $1";
    private static final String EPOCH = "select epoch from projection_epoch";
    private static final String REBUILD = """
            with forgotten as (delete from projection_checkpoint)
            update projection_epoch set epoch = epoch + 1 returning epoch
            """;

    private final Pool pool;

    ReadModelWriter(Pool pool) {
        this.pool = pool;
    }

    private record Part(String sql, Collection<?> rows) {}

    /**
     * Applies the batch, all or nothing, and tells those who wait.
     *
     * @return fails when PostgreSQL does not answer, and the same batch may be applied again; or with {@link
     *     RefusedRowsException}, and that would be of no use
     */
    public Uni<Void> apply(ReadModelBatch batch) {
        // One statement is one transaction in one round trip. Tables that nothing is written to are left out: most
        // batches are short, and so is a statement that the client keeps prepared.
        var parts = Stream.of(
                        new Part(SNAPSHOTS, batch.snapshots()),
                        new Part(INSTANCES, batch.instances()),
                        new Part(SCHEDULES, batch.schedules()),
                        new Part(OPERATIONS, batch.operations()),
                        new Part(CHECKPOINTS, batch.checkpoints()))
                .filter(part -> !part.rows().isEmpty())
                .toList();
        var parameters = Tuple.of(Notice.CHANNEL, notices(batch));
        var changes = new ArrayList<String>();
        for (var part : parts) {
            parameters.addString(WireJson.text(part.rows()));
            changes.add(part.sql().formatted(parameters.size()));
        }
        var sql = changes.isEmpty() ? NOTICES : "with " + String.join(",\n", changes) + "\n" + NOTICES;
        return execute(sql, parameters)
                .onFailure(RefusedRowsException::isBehind)
                .transform(RefusedRowsException::new)
                .replaceWithVoid();
    }

    private static String[] notices(ReadModelBatch batch) {
        return Stream.concat(
                        notices(Notice.Kind.ACCEPTED, batch.accepted()), notices(Notice.Kind.SETTLED, batch.settled()))
                .toArray(String[]::new);
    }

    private static Stream<String> notices(Notice.Kind kind, List<String> operations) {
        return operations.stream().gather(Gatherers.windowFixed(Notice.MAX_IDS)).map(ids -> new Notice(kind, ids)
                .toString());
    }

    /** Where the projection goes on in each partition of the topic; those not named begin at the start. */
    public Uni<Map<Integer, Long>> checkpoints(String topic) {
        return execute(NEXT_OFFSETS, Tuple.of(topic)).map(rows -> {
            Map<Integer, Long> offsets = new HashMap<>();
            rows.forEach(row -> offsets.put(row.getInteger(0), row.getLong(1)));
            return offsets;
        });
    }

    /** Counts up whenever a rebuild is asked for. */
    public Uni<Long> epoch() {
        return execute(EPOCH, Tuple.tuple()).map(ReadModelWriter::number);
    }

    /**
     * Asks every projection to read the logs from their beginning. Rows stay and answers go on meanwhile; what is missing comes
     * back, as everything in the logs is applied again.
     */
    public Uni<Long> askForRebuild() {
        return execute(REBUILD, Tuple.tuple()).map(ReadModelWriter::number);
    }

    private static long number(RowSet<Row> rows) {
        return rows.iterator().next().getLong(0);
    }

    private Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }
}
