package dev.snapfork.hypervisor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the kernel says of processes. */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final String BOOT = boot();

    /** Where the fields of stat begin that follow the command, whose name may hold spaces and brackets: field 3 is the first. */
    private static final int FIRST_FIELD = 3;

    private static final int STATE = 3;
    private static final int START = 22;

    private ProcessTable() {}

    /** Which start of the host this is. */
    static String thisBoot() {
        return BOOT;
    }

    /** When the process was started, in clock ticks since the host was; empty if there is none, or only what its parent has not fetched. */
    static OptionalLong startTicks(long pid) {
        String[] fields;
        try {
            // the command's name is in whatever encoding its file's name is
            var stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        } catch (IOException gone) {
            return OptionalLong.empty();
        }
        var state = fields[STATE - FIRST_FIELD];
        return state.equals("Z") || state.equals("X")
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(fields[START - FIRST_FIELD]));
    }

    private static String boot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
