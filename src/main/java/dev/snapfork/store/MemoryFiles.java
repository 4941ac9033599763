package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.store.MemoryFile.Encoding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the memory in an instance's directory or a snapshot's payload. */
public final class MemoryFiles {
    /** State of Apple's hypervisor, which is opaque: memory and devices in one, never compressed. */
    static final String OPAQUE_STATE = "machine-state.vzm";

    private static final List<String> RAW =
            List.of("memory-ranges", "memory", Layout.LATEST + "/memory-ranges", Layout.LATEST + "/memory");

    private MemoryFiles() {}

    /** The first candidate that is a regular file and is not reached through a symbolic link; raw ones come first. */
    public static Optional<MemoryFile> find(Path directory) {
        for (var encoding : Encoding.values()) {
            for (var raw : RAW) {
                if (isPlainFile(directory, raw + encoding.suffix())) {
                    return Optional.of(MemoryFile.at(raw + encoding.suffix()));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether the directory holds what a machine goes on from. */
    public static boolean hasMachineState(Path directory) {
        return find(directory).isPresent()
                || isPlainFile(directory, OPAQUE_STATE)
                || isPlainFile(directory, Layout.LATEST + "/" + OPAQUE_STATE);
    }

    /** Whether a path inside a payload is one that memory may have, in any encoding. */
    static boolean isCandidate(String path) {
        return RAW.contains(MemoryFile.at(path).rawPath());
    }

    /** Whether a regular file is there, with real directories alone on the way to it. */
    private static boolean isPlainFile(Path directory, String relative) {
        var at = directory;
        var elements = relative.split("/", -1);
        for (var i = 0; i < elements.length - 1; i++) {
            at = at.resolve(elements[i]);
            if (!Files.isDirectory(at, NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return Files.isRegularFile(at.resolve(elements[elements.length - 1]), NOFOLLOW_LINKS);
    }
}
