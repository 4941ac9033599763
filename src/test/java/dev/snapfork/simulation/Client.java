package dev.snapfork.simulation;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.CommandPublisher;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.view.InMemoryReadModel;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks for this and that, going by the view; sends again what was not answered, and does not always wait. */
final class Client {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("alpha", "beta", "gamma", "delta");

    private final Scheduler scheduler;
    private final CommandPublisher commands;
    private final InMemoryReadModel readModel;
    private final Imports imports;
    private final BiConsumer<InstanceId, Long> goesOn;
    private final Consumer<Operation> cancel;
    /** The probability to lose patience at each look. */
    private final double impatience;

    private final List<Wish> wishes;

    private enum Wish {
        IMPORT(2, false),
        CREATE(8, false),
        COMPRESS(4, true),
        FORK(5, true),
        RESTORE(4, true),
        DELETE_SNAPSHOT(3, true),
        DELETE_INSTANCE(1, false),
        GO_ON(2, false);

        private final int weight;
        private final boolean needsSnapshot;

        Wish(int weight, boolean needsSnapshot) {
            this.weight = weight;
            this.needsSnapshot = needsSnapshot;
        }
    }

    /** Each as often as it is likely, which for some is more in one seed than in another. */
    private static List<Wish> wishes(Scheduler scheduler) {
        var all = new ArrayList<Wish>();
        for (var wish : Wish.values()) {
            all.addAll(Collections.nCopies(wish.weight * (scheduler.chance(0.25) ? 4 : 1), wish));
        }
        return all;
    }

    Client(
            Scheduler scheduler,
            CommandPublisher commands,
            InMemoryReadModel readModel,
            Imports imports,
            BiConsumer<InstanceId, Long> goesOn,
            Consumer<Operation> cancel) {
        this.scheduler = scheduler;
        this.commands = commands;
        this.readModel = readModel;
        this.imports = imports;
        this.goesOn = goesOn;
        this.cancel = cancel;
        this.impatience = scheduler.random().nextInt(3) * 0.08;
        this.wishes = wishes(scheduler);
    }

    void run(int count) {
        for (var i = 0; i < count; i++) {
            var command = wish();
            if (command == null) {
                scheduler.sleep("nothing to ask for", Duration.ofMillis(500));
            } else {
                var envelope = new CommandEnvelope(
                        new OperationId(Cuid.random(scheduler.random())),
                        scheduler.instant().truncatedTo(ChronoUnit.MICROS),
                        command);
                send(envelope);
                if (scheduler.chance(0.5 + impatience)) {
                    await(envelope);
                }
            }
        }
    }

    private void send(CommandEnvelope envelope) {
        while (true) {
            try {
                commands.publish(envelope).await().atMost(LIMIT);
                return;
            } catch (Unavailable e) {
                scheduler.sleep("send again", Duration.ofMillis(200));
            }
        }
    }

    private void await(CommandEnvelope envelope) {
        var until = scheduler.nanos() + LIMIT.toNanos();
        while (scheduler.nanos() < until) {
            var row = readModel.rows().operations().get(envelope.id().value());
            if (row != null && row.body().status().settled()) {
                return;
            }
            if (row != null && scheduler.chance(impatience)) {
                cancel(row.body());
            }
            if (scheduler.chance(0.02)) {
                send(envelope);
            }
            scheduler.sleep(
                    "wait for an answer",
                    Duration.ofMillis(20 + scheduler.random().nextInt(500)));
        }
    }

    private void cancel(Operation operation) {
        try {
            cancel.accept(operation);
        } catch (Unavailable e) {
            scheduler.step("not known whether it is cancelled");
        }
    }

    private @Nullable Command wish() {
        var instances = readModel.rows().instances().values().stream()
                .filter(row -> row.deletedAt() == null || scheduler.chance(0.1))
                .map(InMemoryReadModel.Rows.InstanceRow::body)
                .toList();
        var snapshots = readModel.rows().snapshots().values().stream()
                .filter(row -> row.deletedAt() == null || scheduler.chance(0.1))
                .map(InMemoryReadModel.Rows.SnapshotRow::body)
                .toList();
        if (instances.isEmpty()) {
            return imported();
        }
        var instance = any(instances);
        var wish = any(wishes);
        if (snapshots.isEmpty() && wish.needsSnapshot) {
            return create(instance.id(), instance.state());
        }
        return switch (wish) {
            case IMPORT -> imported();
            case CREATE -> create(instance.id(), instance.state());
            case COMPRESS -> new Command.CompressSnapshot(any(snapshots).id(), compression());
            case FORK ->
                new Command.ForkSnapshot(
                        any(snapshots).id(),
                        new InstanceId(Cuid.random(scheduler.random())),
                        any(NAMES),
                        target(),
                        null);
            case RESTORE -> {
                var snapshot = any(snapshots);
                yield new Command.RestoreSnapshot(snapshot.sourceInstanceId(), snapshot.id(), target(), null);
            }
            case DELETE_SNAPSHOT -> new Command.DeleteSnapshot(any(snapshots).id());
            case DELETE_INSTANCE -> new Command.DeleteInstance(instance.id());
            case GO_ON -> {
                goesOn.accept(instance.id(), scheduler.random().nextLong());
                yield null;
            }
        };
    }

    private <T> T any(List<T> of) {
        return of.get(scheduler.random().nextInt(of.size()));
    }

    private Command imported() {
        var directory = any(imports.directories());
        var made = new InstanceId(Cuid.random(scheduler.random()));
        return new Command.ImportInstance(
                made, any(NAMES), Hypervisor.QEMU, imports.state(directory), directory, Map.of(), null);
    }

    private Command create(InstanceId instance, InstanceState state) {
        var kind = (state == InstanceState.STOPPED) == scheduler.chance(0.95)
                ? SnapshotKind.STOPPED
                : SnapshotKind.STANDBY;
        return new Command.CreateSnapshot(
                new SnapshotId(Cuid.random(scheduler.random())),
                instance,
                kind,
                scheduler.chance(0.5) ? null : any(NAMES),
                Map.of(),
                kind == SnapshotKind.STOPPED || scheduler.chance(0.5) ? null : compression());
    }

    private CompressionConfig compression() {
        return scheduler.chance(0.5)
                ? CompressionConfig.of(
                        CompressionAlgorithm.ZSTD, 1 + scheduler.random().nextInt(2))
                : CompressionConfig.of(CompressionAlgorithm.LZ4, 0);
    }

    private @Nullable TargetState target() {
        var drawn = scheduler.random().nextInt(10);
        return drawn < 7 ? TargetState.STANDBY : drawn < 9 ? TargetState.STOPPED : null;
    }
}
