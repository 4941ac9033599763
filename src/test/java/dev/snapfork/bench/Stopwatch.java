package dev.snapfork.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Times what happens in this process. */
final class Stopwatch {
    private static final double NANOS = 1e9;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Stopwatch() {}

    /** Something to time. */
    interface Work {
        void run() throws IOException;
    }

    /** The CPU time is the whole process's: collecting garbage and compiling are part of what the work costs. */
    static Sample time(Work work) throws IOException {
        var cpu = SYSTEM.getProcessCpuTime();
        var wall = System.nanoTime();
        work.run();
        var wallSeconds = since(wall);
        return new Sample(wallSeconds, (SYSTEM.getProcessCpuTime() - cpu) / NANOS);
    }

    /** Of the last minute; negative where it is not known. */
    static double loadAverage() {
        return SYSTEM.getSystemLoadAverage();
    }

    /** Seconds since {@link System#nanoTime} returned {@code start}. */
    static double since(long start) {
        return (System.nanoTime() - start) / NANOS;
    }
}
