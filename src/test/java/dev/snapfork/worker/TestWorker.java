package dev.snapfork.worker;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.CommandPublisher;
import dev.snapfork.command.RecordedCommands;
import dev.snapfork.event.Emitters;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.event.RecordedEvents;
import dev.snapfork.fault.Faults;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.Progress;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.view.LastKnown;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
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

    private static final int PRECEDENCE = 200;
    private static final Map<Map<String, String>, SnapforkConfig> CONFIGS = new ConcurrentHashMap<>();

    private final MemoryCache cache;
    private final PayloadStore store;
    private final Patience patience;
    private final CancelDesk cancels;
    private final CommandProcessor processor;
    private final Reconciliation reconciliation;

    /** What workers have in common. */
    record Shared(
            Path data, RecordedEvents events, RecordedCommands commands, InMemoryAgreements agreements, Clock clock) {
        static Shared of(Path data, Clock clock) {
            return new Shared(data, new RecordedEvents(), new RecordedCommands(), new InMemoryAgreements(), clock);
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
            RandomGenerator random) {
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
                    new SecureRandom());
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
        var compressing =
                new CompressSnapshotHandler(store, new MemoryCompressor(store, codec, room, faults), announcer, faults);
        var schedules = new ScheduleHandler(store, announcer);
        var creating = new CreateSnapshotHandler(
                store, new Capture(store, room, faults, config), names, announcer, compressions, faults);
        var handlers = new Handlers(
                new ImportInstanceHandler(store, names, announcer),
                new DeleteInstanceHandler(store, names, announcer, ledger, around.lastKnown(), patience),
                creating,
                new RestoreSnapshotHandler(store, materializer, announcer),
                new ForkSnapshotHandler(store, materializer, names, announcer),
                compressing,
                new DeleteSnapshotHandler(
                        store, names, announcer, cache, around.settlements(), ledger, around.lastKnown(), patience),
                new VerifySnapshotHandler(store, codec, ledger, around.lastKnown(), patience, config, meters),
                schedules,
                new RunScheduleHandler(store, schedules, creating, announcer));
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
                new Mending(store, around.settlements(), around.names(), announcer, compressions, around.clock()),
                new ScheduleMending(store, around.settlements(), announcer, around.clock()),
                around.settlements(),
                cache,
                new HealthSweep(store, ledger, around.clock()),
                around.clock());
    }

    static SnapforkConfig config(Map<String, String> settings) {
        // only the data directory differs from test to test, and that is asked for nowhere but in the store
        var general = new HashMap<>(settings);
        general.put("snapfork.data-dir", "unused");
        return CONFIGS.computeIfAbsent(general, TestWorker::made);
    }

    private static SnapforkConfig made(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(SnapforkConfig.class)
                .withConverter(Duration.class, PRECEDENCE, new DurationConverter())
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(SnapforkConfig.class);
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
