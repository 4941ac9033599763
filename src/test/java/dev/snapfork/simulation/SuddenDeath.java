package dev.snapfork.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Leaves a data directory as a process that is killed leaves it. Threads can be ended only by unwinding them, and what they do then,
 * such as removing what they had half-made, a killed process would not have done: it is undone.
 */
final class SuddenDeath {
    private static final List<String> NOT_OF_ALL = List.of("cache", "locks");

    private final Path data;
    private final Path kept;

    /** @param kept a directory on the same filesystem for links to what might be removed */
    SuddenDeath(Path data, Path kept) {
        this.data = data;
        this.kept = kept;
    }

    void of(Runnable unwinding) throws IOException {
        Files.createDirectories(kept);
        Map<Path, Path> before = new LinkedHashMap<>();
        for (var entry : entries()) {
            var link = kept.resolve(Integer.toString(before.size()));
            if (Files.isRegularFile(entry)) {
                Files.createLink(link, entry);
            }
            before.put(entry, link);
        }
        unwinding.run();
        for (var entry : entries().reversed()) {
            if (!before.containsKey(entry)) {
                Files.delete(entry);
            }
        }
        for (var entry : before.entrySet()) {
            if (!Files.exists(entry.getKey())) {
                bringBack(entry.getKey(), entry.getValue());
            }
        }
        for (var link : before.values()) {
            Files.deleteIfExists(link);
        }
    }

    private static void bringBack(Path entry, Path link) throws IOException {
        if (Files.exists(link)) {
            Files.createLink(entry, link);
        } else {
            Files.createDirectory(entry);
        }
    }

    /** Directories before what is in them. */
    private List<Path> entries() throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(entry -> !entry.equals(data))
                    .filter(entry -> !NOT_OF_ALL.contains(
                            data.relativize(entry).getName(0).toString()))
                    .sorted()
                    .toList();
        }
    }

    static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (var entry : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }
}
