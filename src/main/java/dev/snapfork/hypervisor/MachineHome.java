package dev.snapfork.hypervisor;

import java.nio.file.Path;

/**
 * Where a machine lives.
 *
 * @param directory the instance's own; the monitor's working directory, so that paths inside are the same for every machine
 * @param runtime for sockets, logs and pid files of this host; short, since the path of a socket is at most 107 bytes; made by
 *     the driver, may be lost when the host restarts
 * @param label put into the process's environment as {@value #LABEL}, by which it can be found whatever else was lost
 */
public record MachineHome(Path directory, Path runtime, String label) {
    public static final String LABEL = "SNAPFORK_MACHINE";

    /** The live memory of a machine that has its own, below {@link #directory}. */
    public static final String LIVE_MEMORY = "live/memory";

    public Path memory() {
        return directory.resolve(LIVE_MEMORY);
    }
}
