package dev.snapfork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processors' time, of everything that runs on the machine. */
final class MachineCpu {
    private static final Path STAT = Path.of("/proc/stat");
    private static final double TICKS_A_SECOND = 100;
    private static final int IDLE = 4;
    private static final int WAITING_FOR_DISKS = 5;
    private static final int LAST_OF_OWN_TIME = 7;

    private MachineCpu() {}

    /** Seconds that all processors together have worked since the machine was started. */
    static double busySeconds() throws IOException {
        var fields = Files.readAllLines(STAT).getFirst().split(" +", -1);
        var ticks = 0L;
        for (var i = 1; i <= LAST_OF_OWN_TIME; i++) {
            ticks += i == IDLE || i == WAITING_FOR_DISKS ? 0 : Long.parseLong(fields[i]);
        }
        return ticks / TICKS_A_SECOND;
    }
}
