package dev.snapfork.simulation;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.operation.Cuid;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Runs seeds, as many at once as there are processors, in directories in memory where there is such a filesystem. */
final class Seeds implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final List<Logger> silenced =
            List.of(Logger.getLogger("dev.snapfork.worker"), Logger.getLogger("dev.snapfork.projection"));
    /** Of the cheap kind: at each step one waits and another goes on. */
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("simulated-", 0).factory());

    Seeds() {
        // of the single calls those alone that no thread makes in the codec
        DiskFaults.tell(step -> {
            if (step == Step.DISK_RENAME || step == Step.DISK_REMOVE) {
                Scheduler.stepOfCaller(step.text());
            }
        });
        silenced.forEach(logger -> logger.setLevel(Level.OFF));
        // Mutiny sets itself up with the first of these, and two threads at once fail at that
        var unused = Uni.createFrom().deferred(() -> Uni.createFrom().voidItem());
    }

    /** A place where one seed runs after the other. */
    private final class Lane implements AutoCloseable {
        /** One thread, so that what is told of progress is the same each time. */
        private final MemoryCodec codec = new MemoryCodec(1);

        private final Path home;

        private Lane() throws IOException {
            var parent = Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
            // of one length, since paths stand in the files that are made there, whose lengths are told
            home = Files.createDirectory(
                    parent.resolve("snapfork-simulation-" + Cuid.random(RandomGenerator.getDefault())));
        }

        private String run(long seed) {
            Simulation simulation = null;
            try {
                simulation = new Simulation(seed, home, codec, threads);
                return simulation.run();
            } catch (AssertionError | RuntimeException | IOException e) {
                var trace =
                        simulation == null ? "" : simulation.scheduler.trace().toString();
                throw new AssertionError(
                        trace + "\n\nseed " + seed + ": " + e.getMessage()
                                + "\nagain with: mvn test -Dtest=SimulationTest -Dsnapfork.simulation.seed=" + seed,
                        e);
            }
        }

        @Override
        public void close() throws IOException {
            codec.close();
            SuddenDeath.delete(home);
        }
    }

    /**
     * Runs all of them.
     *
     * @return what tells each run from any that is different
     * @throws AssertionError of the first that failed, with its seed and its last steps
     */
    Map<Long, String> run(long from, long to) throws Exception {
        var next = new AtomicLong(from);
        var fingerprints = new TreeMap<Long, String>();
        try (var lanes = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var all = IntStream.range(0, Runtime.getRuntime().availableProcessors())
                    .mapToObj(lane -> lanes.submit(() -> {
                        try (var mine = new Lane()) {
                            for (var seed = next.getAndIncrement(); seed < to; seed = next.getAndIncrement()) {
                                var fingerprint = mine.run(seed);
                                synchronized (fingerprints) {
                                    fingerprints.put(seed, fingerprint);
                                }
                            }
                        } finally {
                            // the others end with what they are at
                            next.set(to);
                        }
                        return null;
                    }))
                    .toList();
            for (var lane : all) {
                try {
                    lane.get();
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof AssertionError failed) {
                        throw failed;
                    }
                    throw e;
                }
            }
        }
        return fingerprints;
    }

    @Override
    public void close() {
        DiskFaults.tell(Faults.NONE);
        silenced.forEach(logger -> logger.setLevel(null));
        threads.close();
    }
}
