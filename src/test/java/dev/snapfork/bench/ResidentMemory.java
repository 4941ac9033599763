package dev.snapfork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has in memory, in KiB.
 *
 * @param all resident, files that it maps included
 * @param anonymous what of it no file stands behind
 * @param peak the most that {@code all} has been
 */
record ResidentMemory(long all, long anonymous, long peak) {
    static ResidentMemory of(long pid) throws IOException {
        return parse(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
    }

    /** Reads what the kernel says in {@code /proc/PID/status}. */
    static ResidentMemory parse(List<String> status) throws IOException {
        return new ResidentMemory(
                kibibytes(status, "VmRSS:"), kibibytes(status, "RssAnon:"), kibibytes(status, "VmHWM:"));
    }

    private static long kibibytes(List<String> status, String field) throws IOException {
        for (var line : status) {
            if (line.startsWith(field)) {
                return Long.parseLong(
                        line.substring(field.length()).replace("kB", "").strip());
            }
        }
        throw new IOException("the process has no " + field + " and so has ended");
    }
}
