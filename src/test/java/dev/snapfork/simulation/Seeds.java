package dev.snapfork.simulation;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.memory.MemoryCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs seeds, one after the other, in a directory in memory where there is such a filesystem. */
final class Seeds implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final List<Logger> silenced =
            List.of(Logger.getLogger("dev.snapfork.worker"), Logger.getLogger("dev.snapfork.projection"));
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("simulated-", 0).factory());
    /** One thread, so that what is told of progress is the same each time. */
    private final MemoryCodec codec = new MemoryCodec(1);

    private final Path home;

    Seeds() throws IOException {
        home = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "snapfork-simulation-")
                : Files.createTempDirectory("snapfork-simulation-");
        // of the single calls those alone that no thread makes in the codec
        DiskFaults.tell(step -> {
            if (step == Step.DISK_RENAME || step == Step.DISK_REMOVE) {
                Scheduler.stepOfCaller(step.text());
            }
        });
        silenced.forEach(logger -> logger.setLevel(Level.OFF));
    }

    String run(long seed) {
        Simulation simulation = null;
        try {
            simulation = new Simulation(seed, home, codec, threads);
            return simulation.run();
        } catch (AssertionError | RuntimeException | IOException e) {
            var trace = simulation == null ? "" : simulation.scheduler.trace().toString();
            throw new AssertionError(
                    trace + "\n\nseed " + seed + ": " + e.getMessage()
                            + "\nagain with: mvn test -Dtest=SimulationTest -Dsnapfork.simulation.seed=" + seed,
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        DiskFaults.tell(Faults.NONE);
        silenced.forEach(logger -> logger.setLevel(null));
        threads.shutdown();
        codec.close();
        SuddenDeath.delete(home);
    }
}
