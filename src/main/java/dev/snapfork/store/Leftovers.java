package dev.snapfork.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files in a payload that a compression which died left half-written; nothing ever refers to them. */
final class Leftovers {
    private Leftovers() {}

    static boolean isLeftover(String path) {
        var name = path.substring(path.lastIndexOf('/') + 1);
        return name.endsWith(".zst.tmp")
                || name.endsWith(".lz4.tmp")
                || (name.startsWith("memory") && name.endsWith(".tmp"));
    }

    /** Removes them; for directories that nobody works on. */
    static void remove(Path directory) throws IOException {
        for (var file : Payload.list(directory)) {
            if (isLeftover(file.path())) {
                Files.deleteIfExists(directory.resolve(file.path()));
            }
        }
    }
}
