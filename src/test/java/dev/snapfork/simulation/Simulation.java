package dev.snapfork.simulation;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandCodec;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.event.Event;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.log.Topics;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.view.InMemoryReadModel;
import dev.snapfork.worker.Ledger;
import dev.snapfork.worker.SimulatedWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** One seed: a service with its clients, what happens to them, and what must be true all the while and in the end. */
final class Simulation {
    private static final int LOOK_EVERY = 32;
    private static final int PARTITIONS = 2;
    private static final int WORKERS = 2;
    private static final long MOST_STEPS = 400_000;

    private final Path data;
    private final Path beside;
    private final MemoryCodec codec;
    final Scheduler scheduler;
    final Network network;
    final Log log = new Log(
            Map.of(Topics.COMMANDS, PARTITIONS, Topics.COMPRESSIONS, 1, Topics.EVENTS, PARTITIONS, Topics.PROGRESS, 1));
    final Group group;
    final Ledger ledger;
    final InMemoryReadModel readModel;
    final View view;
    final Disk disk;
    final History history;
    final Map<OperationId, CommandEnvelope> commands = new LinkedHashMap<>();
    final Map<Machine, SimulatedWorker> workers = new LinkedHashMap<>();
    final List<Machine> projections = new ArrayList<>();
    final List<Machine> machines = new ArrayList<>();
    private final Imports imports;
    private final Trouble trouble;
    private final Channels channels;
    private final Clock clock;
    Weather weather;
    private long steps;
    boolean over;

    Simulation(long seed, Path home, MemoryCodec codec, ExecutorService threads) throws IOException {
        SuddenDeath.delete(home);
        this.data = Files.createDirectories(home.resolve("data"));
        this.beside = Files.createDirectories(home.resolve("beside"));
        this.codec = codec;
        var random = new SplittableRandom(seed);
        weather = Weather.of(random);
        scheduler = new Scheduler(random, threads);
        clock = new VirtualClock(scheduler);
        trouble = new Trouble(scheduler, weather.deaths());
        network = new Network(scheduler, weather);
        channels = new Channels(scheduler, network, log);
        group = new Group(
                scheduler,
                log.partitions().stream()
                        .filter(partition ->
                                Set.of(Topics.COMMANDS, Topics.COMPRESSIONS).contains(partition.topic()))
                        .toList());
        ledger = new Ledger(clock);
        view = new View(log);
        readModel =
                new InMemoryReadModel(statement -> ProjectionProcess.carry(network, () -> applied(statement.get())));
        disk = new Disk(PayloadStore.open(data, Duration.ofSeconds(1)), new Contents(codec, beside.resolve("decoded")));
        history = new History(new Truth());
        log.heardBy(record -> scheduler.check(() -> written(record)));
        scheduler.watch(this::stepped);
        imports = new Imports(data.resolve("import"), random);
    }

    private final class Truth implements History.Truth {
        @Override
        public boolean hasReached(String id, long version) {
            return disk.hasReached(id, version);
        }

        @Override
        public boolean isVisible(String id) {
            return disk.isVisible(id);
        }

        @Override
        public Optional<Event.OperationSettled> end(OperationId operation) {
            return ledger.end(operation);
        }
    }

    /** Runs it to its end; returns what tells this run from any that is different. */
    String run() {
        try {
            for (var i = 0; i < WORKERS; i++) {
                startWorker(i);
            }
            startProjection();
            new Caretaker(this).start();
            scheduler.run(this::dies);
            return scheduler.trace().fingerprint();
        } finally {
            for (var machine : machines) {
                scheduler.kill(machine);
            }
            scheduler.kill(network.wire());
            workers.values().forEach(Simulation::close);
        }
    }

    private static void close(SimulatedWorker worker) {
        try {
            worker.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Machine machine(String name) {
        var machine = new Machine(name);
        machines.add(machine);
        return machine;
    }

    void startWorker(int number) {
        var machine = machine("worker-" + number);
        try {
            var worker = new SimulatedWorker(
                    new SimulatedWorker.Site(
                            data, scheduler, network, log, group, channels, ledger, readModel, clock, codec),
                    machine);
            workers.put(machine, worker);
            worker.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void startProjection() {
        var machine = machine("projection-" + projections.size());
        projections.add(machine);
        scheduler.start(machine, "poll", () -> new ProjectionProcess(scheduler, log, readModel)
                .run(() -> over && view.isComplete()));
    }

    void startClient(Machine machine, int number, int wishes) {
        var client = new Client(scheduler, channels.commands(), readModel, imports, this::goesOn, this::cancel);
        scheduler.start(machine, "client-" + number, () -> client.run(wishes));
    }

    /** A machine runs on if nobody has asked for anything that is about it and has not settled. */
    private void goesOn(InstanceId id, long seed) {
        var manifest = disk.instances().get(id.value());
        var asked = commands.values().stream()
                .anyMatch(envelope -> envelope.command().key().equals(id.value())
                        && ledger.end(envelope.id()).isEmpty());
        if (manifest != null && manifest.instance().hasSnapshot() && !asked) {
            try {
                disk.goOn(id, seed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** As the API does it, which may not come through. */
    private void cancel(Operation operation) {
        network.call("ask to cancel", () -> {
            ledger.cancel(operation);
            return operation;
        });
    }

    private void stepped(Machine machine, String step) {
        if (++steps > MOST_STEPS) {
            throw new AssertionError("it does not come to an end: " + unsettled());
        }
        if (Trouble.isChange(step) || steps % LOOK_EVERY == 0) {
            disk.look();
        }
        if (workers.containsKey(machine) || projections.contains(machine)) {
            trouble.stepped(machine, step, weather);
        }
    }

    private void dies(Machine machine) {
        try {
            new SuddenDeath(data, beside.resolve("kept")).of(() -> scheduler.kill(machine));
            var worker = workers.remove(machine);
            if (worker != null) {
                worker.close();
            }
            disk.look();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean applied(boolean done) {
        scheduler.check(() -> view.applied(readModel.rows(), this::checkpoint));
        return done;
    }

    private long checkpoint(TopicPartition partition) {
        return readModel
                .checkpoints(partition.topic())
                .await()
                .atMost(Duration.ofSeconds(1))
                .getOrDefault(partition.partition(), 0L);
    }

    private void written(ConsumerRecord<String, byte[]> record) {
        switch (record.topic()) {
            case Topics.COMMANDS, Topics.COMPRESSIONS -> asked(CommandCodec.decode(record.headers(), record.value()));
            case Topics.EVENTS -> {
                disk.look();
                history.written(record).ifPresent(this::acknowledge);
            }
            default -> {}
        }
    }

    private void asked(CommandEnvelope envelope) {
        commands.putIfAbsent(envelope.id(), envelope);
        switch (envelope.command()) {
            case Command.DeleteSnapshot c -> disk.deletable(c.snapshot().value());
            case Command.DeleteInstance c -> disk.deletable(c.instance().value());
            case Command.ImportInstance c ->
                imports.memory(c.directory()).ifPresent(memory -> disk.imports(envelope.id(), memory));
            case Command.CreateSnapshot c -> {}
            case Command.RestoreSnapshot c -> {}
            case Command.ForkSnapshot c -> {}
            case Command.CompressSnapshot c -> {}
            case Command.VerifySnapshot c -> {}
            case Command.SetSchedule c -> {}
            case Command.DeleteSchedule c -> {}
            case Command.RunSchedule c -> {}
            case Command.CreateInstance c -> {}
            case Command.StartInstance c -> {}
            case Command.StopInstance c -> {}
            case Command.StandbyInstance c -> {}
            case Command.RestoreInstance c -> {}
            case Command.ForkInstance c -> {}
            case Command.CompressStandby c -> {}
        }
    }

    private void acknowledge(Event.OperationSettled settled) {
        if (settled.snapshot() != null) {
            disk.acknowledge(settled.snapshot().id().value());
        }
        if (settled.instance() != null) {
            disk.acknowledge(settled.instance().id().value());
        }
    }

    List<OperationId> unsettled() {
        return commands.keySet().stream()
                .filter(id -> ledger.end(id).isEmpty() || !history.ended().contains(id))
                .toList();
    }
}
