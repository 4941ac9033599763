package dev.snapfork.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which process was meant, even after its pid went to another one.
 *
 * @param started the kernel's clock ticks since boot when it was forked
 */
record ProcessIdentity(long pid, long started) {
    private static final int START_TIME = 20 - 1;

    /** The process that has this pid now; empty when there is none, or the system has no {@code /proc}. */
    static Optional<ProcessIdentity> of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // the second field is the program's name, which may itself hold spaces and parentheses
            List<String> afterName =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            return Optional.of(new ProcessIdentity(pid, Long.parseLong(afterName.get(START_TIME))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads what {@link #text()} wrote; empty for anything else. */
    static Optional<ProcessIdentity> parse(String text) {
        String[] parts = text.strip().split(" ", -1);
        try {
            return parts.length == 2
                    ? Optional.of(new ProcessIdentity(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    String text() {
        return pid + " " + started;
    }

    boolean alive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Whether its command line has this argument, or an argument that ends so. */
    boolean runs(String argument) {
        try {
            String line =
                    Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
            return List.of(line.split("\0", -1)).stream().anyMatch(part -> part.endsWith(argument));
        } catch (IOException e) {
            return false;
        }
    }
}
