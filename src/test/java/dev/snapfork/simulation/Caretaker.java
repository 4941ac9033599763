package dev.snapfork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.event.Event;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.worker.SimulatedWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Starts again what has died, and brings a simulation to its end: lets the weather clear up, waits until all is done, and looks. */
final class Caretaker {
    private static final int MOST_WISHES = 12;
    private static final int CLIENTS = 2;

    private final Simulation simulation;
    private final Scheduler scheduler;
    private final Machine machine;
    private final Machine clients;

    Caretaker(Simulation simulation) {
        this.simulation = simulation;
        this.scheduler = simulation.scheduler;
        this.machine = simulation.machine("caretaker");
        this.clients = simulation.machine("clients");
    }

    void start() {
        var wishes = 3 + scheduler.random().nextInt(MOST_WISHES);
        for (var i = 0; i < CLIENTS; i++) {
            simulation.startClient(clients, i, wishes / CLIENTS);
        }
        scheduler.start(machine, "care", this::care);
    }

    private void care() {
        while (!clients.actors.isEmpty()) {
            look();
        }
        // what has not come to rest by then does so without further trouble
        for (var i = scheduler.random().nextInt(10); i > 0; i--) {
            look();
        }
        simulation.weather = Weather.clear();
        simulation.network.weather(Weather.clear());
        settle();
        // those that stood still find that all was done without them
        simulation.machines.forEach(any -> any.standStill(0));
        settle();
        stop();
        putInOrder();
        while (!simulation.view.isComplete()) {
            rest();
        }
        assertAllIsWell();
        simulation.over = true;
    }

    private void settle() {
        while (!isQuiet()) {
            look();
        }
    }

    private void rest() {
        scheduler.sleep("rest", Duration.ofMillis(20 + scheduler.random().nextInt(1_000)));
    }

    private void look() {
        rest();
        simulation.group.look(simulation.weather.moves());
        for (var i = simulation.workers.size(); i < 2; i++) {
            simulation.startWorker(simulation.machines.size());
        }
        var polling = simulation.projections.stream()
                .filter(projection ->
                        projection.alive() && projection.stoppedUntil() < scheduler.nanos() + 5_000_000_000L)
                .count();
        if (polling == 0) {
            simulation.startProjection();
        }
        if (scheduler.chance(simulation.weather.moves() / 8)) {
            var unused = simulation.readModel.askForRebuild().await().atMost(Duration.ofSeconds(1));
        }
    }

    private boolean isQuiet() {
        return simulation.network.wire().actors.isEmpty()
                && simulation.unsettled().isEmpty()
                && simulation.view.isComplete()
                && simulation.group.partitions().stream()
                        .allMatch(partition -> simulation.group.committed(partition) == simulation.log.end(partition));
    }

    private void stop() {
        simulation.workers.values().forEach(SimulatedWorker::stop);
        while (simulation.workers.keySet().stream().anyMatch(worker -> !worker.actors.isEmpty())) {
            rest();
        }
    }

    private void putInOrder() {
        for (var worker : simulation.workers.values()) {
            worker.putInOrderForGood();
        }
    }

    private void assertAllIsWell() {
        try {
            simulation.disk.assertInOrder();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(simulation.unsettled()).as("not settled").isEmpty();
        assertThat(simulation.ledger.owners()).as("owners of names").isEqualTo(simulation.disk.named());
        assertTheViewTellsWhatIsThere();
        assertEveryEndIsTrue();
    }

    private void assertTheViewTellsWhatIsThere() {
        var rows = simulation.readModel.rows();
        var snapshots = new LinkedHashMap<String, String>();
        rows.snapshots().forEach((id, row) -> {
            if (row.deletedAt() == null) {
                snapshots.put(id, row.body().toString());
            }
        });
        var instances = new LinkedHashMap<String, String>();
        rows.instances().forEach((id, row) -> {
            if (row.deletedAt() == null) {
                instances.put(id, row.body().toString());
            }
        });
        var present = new LinkedHashMap<String, String>();
        simulation
                .disk
                .snapshots()
                .forEach((id, manifest) -> present.put(id, manifest.snapshot().toString()));
        assertThat(snapshots).isEqualTo(present);
        present.clear();
        simulation
                .disk
                .instances()
                .forEach((id, manifest) -> present.put(id, manifest.instance().toString()));
        assertThat(instances).isEqualTo(present);
    }

    private void assertEveryEndIsTrue() {
        for (var envelope : simulation.commands.values()) {
            var end = simulation
                    .ledger
                    .end(envelope.id())
                    .map(Event.OperationSettled::outcome)
                    .orElseThrow();
            var made = made(envelope.command());
            if (made != null && end.status() == OperationStatus.SUCCEEDED) {
                assertThat(simulation.history.knows(made)).as("%s", end).isTrue();
            }
            if (made != null && end.status() == OperationStatus.REJECTED) {
                assertThat(simulation.history.knows(made) || simulation.disk.isVisible(made))
                        .as("%s", end)
                        .isFalse();
            }
            var removed = removed(envelope.command());
            if (removed != null && end.status() == OperationStatus.SUCCEEDED) {
                assertThat(simulation.history.deleted()).as("%s", end).contains(removed);
            }
        }
    }

    private static @Nullable String made(Command command) {
        return switch (command) {
            case Command.CreateSnapshot c -> c.snapshot().value();
            case Command.ForkSnapshot c -> c.instance().value();
            case Command.ImportInstance c -> c.instance().value();
            case Command.RestoreSnapshot c -> null;
            case Command.CompressSnapshot c -> null;
            case Command.VerifySnapshot c -> null;
            case Command.DeleteSnapshot c -> null;
            case Command.DeleteInstance c -> null;
        };
    }

    private static @Nullable String removed(Command command) {
        return switch (command) {
            case Command.DeleteSnapshot c -> c.snapshot().value();
            case Command.DeleteInstance c -> c.instance().value();
            case Command.CreateSnapshot c -> null;
            case Command.ForkSnapshot c -> null;
            case Command.ImportInstance c -> null;
            case Command.RestoreSnapshot c -> null;
            case Command.CompressSnapshot c -> null;
            case Command.VerifySnapshot c -> null;
        };
    }
}
