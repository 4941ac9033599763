package dev.snapfork.simulation;

import dev.snapfork.worker.SimulatedWorker;
import java.time.Duration;

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
        do {
            putInOrder();
            rest();
        } while (!isTold());
        new LastLook(simulation).assertAllIsWell();
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
                && isTold()
                && simulation.group.partitions().stream()
                        .allMatch(partition -> simulation.group.committed(partition) == simulation.log.end(partition));
    }

    private boolean isTold() {
        return simulation.view.isComplete() && simulation.readModel.overtaken().isEmpty() && simulation.ledger.isIdle();
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
}
