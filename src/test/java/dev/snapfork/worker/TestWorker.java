package dev.snapfork.worker;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.CommandPublisher;
import dev.snapfork.command.RecordedCommands;
import dev.snapfork.event.Emitters;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.event.RecordedEvents;
import dev.snapfork.fault.Faults;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.machine.DiskFormats;
import dev.snapfork.machine.Images;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.Progress;
import dev.snapfork.platform.Configured;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.view.LastKnown;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * All of a worker but its Kafka and PostgreSQL, in whose place are logs and agreements in memory. Several on one data directory
 * are as several processes: they share no object but those.
 */
final class TestWorker implements AutoCloseable {
    /** Never closed: it has no state but its threads, and making one costs more than most tests. */
    static final MemoryCodec CODEC = new MemoryCodec(2);

    private static final Map<Map<String, String>, SnapforkConfig> CONFIGS = new ConcurrentHashMap<>();

    private final MemoryCache cache;
    private final PayloadStore store;
    private final Patience patience;
    private final MachineWatch watch;
    private final CancelDesk cancels;
    private final CommandProcessor processor;
    private final Reconciliation reconciliation;

    /** What workers have in common. */
    record Shared(
            Path data,
            RecordedEvents events,
            RecordedCommands commands,
            InMemoryAgreements agreements,
            Clock clock,
            Map<Hypervisor, Vmm> monitors) {
        static Shared of(Path data, Clock clock) {
            return with(data, clock, Map.of());
        }

        /** On a host that runs machines. */
        static Shared with(Path data, Clock clock, Map<Hypervisor, Vmm> monitors) {
            return new Shared(
                    data, new RecordedEvents(), new RecordedCommands(), new InMemoryAgreements(), clock, monitors);
        }
    }

    /** What stands in the place of Kafka, PostgreSQL and time, and what is to happen. */
    record Surroundings(
            Path data,
            EventPublisher events,
            CommandPublisher commands,
            ProgressPublisher progress,
            NameClaims names,
            Settlements settlements,
            Cancellations cancellations,
            LastKnown lastKnown,
            Clock clock,
            Faults faults,
            Duration lockDeadline,
            Duration decodingWait,
            MemoryCodec codec,
            RandomGenerator random,
            Map<Hypervisor, Vmm> monitors) {
        private static final Duration LOCK_DEADLINE = Duration.ofMillis(150);
        private static final Duration DECODING_WAIT = Duration.ofMinutes(1);

        private static Surroundings of(Shared shared, Faults faults) {
            return new Surroundings(
                    shared.data(),
                    shared.events(),
                    shared.commands(),
                    new Unheard(),
                    shared.agreements(),
                    shared.agreements(),
                    shared.agreements().cancellations(),
                    shared.events().lastKnown(),
                    shared.clock(),
                    faults,
                    LOCK_DEADLINE,
                    DECODING_WAIT,
                    CODEC,
                    new SecureRandom(),
                    shared.monitors());
        }
    }

    TestWorker(Shared shared, Faults faults) throws IOException {
        this(shared, faults, Map.of());
    }

    /** @param more configuration, by property */
    TestWorker(Shared shared, Faults faults, Map<String, String> more) throws IOException {
        this(Surroundings.of(shared, faults), more, Patience::new);
    }

    TestWorker(Surroundings around, Map<String, String> more, Function<SnapforkConfig, Patience> patient)
            throws IOException {
        var settings = new HashMap<>(Map.of(
                "snapfork.worker.keep-free", "0",
                "snapfork.worker.fork-cache", "1MB",
                "snapfork.worker.retry-limit", "PT0.35S"));
        settings.putAll(more);
        var config = config(settings);
        var faults = around.faults();
        var codec = around.codec();
        store = PayloadStore.open(around.data(), around.lockDeadline(), faults);
        cache = MemoryCache.open(
                store.layout().memoryCache(), config.worker().forkCache().bytes(), around.decodingWait(), e -> {});
        patience = patient.apply(config);
        var announcer = new Announcer(around.events(), patience, faults);
        var meters = new SimpleMeterRegistry();
        var ledger = new HealthLedger(store, announcer, around.events(), patience, meters);
        var names = new Names(around.names(), patience, faults);
        var room = new Room(store, cache, faults, config);
        var materializer = new Materializer(store, codec, cache, room, faults, config);
        var compressions = new CompressionRequests(around.commands(), patience, faults, around.clock());
        var compressing = new CompressSnapshotHandler(
                store,
                new MemoryCompressor(store, codec, room, new CompressionMeters(meters), faults),
                announcer,
                faults);
        var schedules = new ScheduleHandler(store, announcer);
        var machines = TestMachines.on(store, around.data(), around.monitors());
        var agents =
                around.monitors().isEmpty() ? new NoAgents() : new GuestAgents(machines, config, Clock.systemUTC());
        var live = new LiveCapture(store, machines, room, faults);
        var creating = new CreateSnapshotHandler(
                store, new Capture(store, live, room, faults, config), live, names, announcer, compressions, faults);
        var specs = new Specs(new Images(store.layout().images()));
        var starts = new Starts(machines, specs, agents, faults);
        var retargeting = new Retargeting(machines, new DiskFormats("qemu-img", Duration.ofMinutes(1)));
        var saved = new SavedMachines(store, materializer, new VerifiedFiles());
        var incarnations = new Incarnations(store, machines, materializer, saved, starts, retargeting, announcer);
        var lifecycle = new Lifecycle(store, announcer);
        var goingOn = new GoingOn(lifecycle, starts, agents);
        var standbys = new StandbyCompressions(store, around.commands(), patience, around.clock());
        watch = new MachineWatch(store, machines, announcer, around.clock());
        var handlers = new Handlers(
                new ImportInstanceHandler(store, names, announcer),
                new DeleteInstanceHandler(store, machines, names, announcer, ledger, around.lastKnown(), patience),
                creating,
                new RestoreSnapshotHandler(
                        store, materializer, saved, incarnations, starts, goingOn, retargeting, announcer),
                new ForkSnapshotHandler(store, materializer, incarnations, retargeting, names, announcer),
                compressing,
                new DeleteSnapshotHandler(
                        store, names, announcer, cache, around.settlements(), ledger, around.lastKnown(), patience),
                new VerifySnapshotHandler(store, codec, ledger, around.lastKnown(), patience, config, meters),
                schedules,
                new RunScheduleHandler(store, schedules, creating, announcer),
                new CreateInstanceHandler(store, specs, starts, names, lifecycle, room, faults, config),
                new StartInstanceHandler(store, lifecycle, starts),
                new StopInstanceHandler(store, lifecycle, machines, faults),
                new StandbyInstanceHandler(store, lifecycle, machines, live, standbys, faults, config),
                new RestoreInstanceHandler(store, lifecycle, starts, goingOn, codec, room, faults),
                new ForkInstanceHandler(
                        store,
                        new InstanceCopies(store, live, codec, room),
                        starts,
                        incarnations,
                        live,
                        names,
                        lifecycle,
                        faults),
                new CompressStandbyHandler(store, codec, lifecycle, new CompressionMeters(meters), faults));
        var retries = new Retries(patience, config);
        var withdrawal = new Withdrawal(compressing, around.clock());
        cancels = new CancelDesk(
                around.cancellations(),
                withdrawal,
                around.settlements(),
                around.events(),
                patience,
                around.clock(),
                around.random(),
                config);
        processor = new CommandProcessor(
                new Places(store, retries),
                new Execution(handlers, cache, ledger, retries),
                store,
                around.settlements(),
                cancels,
                withdrawal,
                around.events(),
                around.progress(),
                ledger,
                patience,
                faults,
                around.clock(),
                around.random());
        reconciliation = new Reconciliation(
                config,
                store,
                names,
                announcer,
                compressions,
                new Mending(
                        store,
                        around.settlements(),
                        around.names(),
                        announcer,
                        compressions,
                        watch,
                        standbys,
                        around.clock()),
                new ScheduleMending(store, around.settlements(), announcer, around.clock()),
                around.settlements(),
                cache,
                new HealthSweep(store, ledger, around.clock()),
                watch,
                standbys,
                around.clock());
    }

    static SnapforkConfig config(Map<String, String> settings) {
        // only the data directory differs from test to test, and that is asked for nowhere but in the store
        var general = new HashMap<>(settings);
        general.remove("snapfork.data-dir");
        return CONFIGS.computeIfAbsent(general, Configured::with);
    }

    MachineWatch watch() {
        return watch;
    }

    PayloadStore store() {
        return store;
    }

    CancelDesk cancels() {
        return cancels;
    }

    Patience patience() {
        return patience;
    }

    Reconciliation reconciliation() {
        return reconciliation;
    }

    /** Brings the command to its end, as the owner of its partition. */
    void process(CommandEnvelope envelope) {
        process(envelope, new Tenure());
    }

    void process(CommandEnvelope envelope, Tenure tenure) {
        processor.process(new Received(envelope, tenure, failure -> {
            if (failure instanceof Error e) {
                // a process that dies, as a simulation has it
                throw e;
            }
            throw new AssertionError(failure);
        }));
    }

    /** Has it hand back what is in work. */
    void stop() {
        patience.stop();
    }

    @Override
    public void close() throws IOException {
        cache.close();
    }

    private static final class Unheard extends ProgressPublisher {
        Unheard() {
            super(Emitters.unused());
        }

        @Override
        void publish(Operation accepted, Instant started, Progress reached) {}
    }
}
