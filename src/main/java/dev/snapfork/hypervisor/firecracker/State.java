package dev.snapfork.hypervisor.firecracker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A saved device state. Its inside is a format of Firecracker's own, different from version to version, in which paths and names stand
 * as they are. So one can be put in the place of another of the same length, and nothing else can be changed.
 */
final class State {
    /** Firecracker itself reads no larger one. */
    static final long LARGEST = 10_000_000;

    private final String text;

    private State(String text) {
        this.text = text;
    }

    /**
     * Reads a state.
     *
     * @return empty if it is not as it was written, by its checksum
     */
    static Optional<State> read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST || Files.size(file) < Long.BYTES) {
            return Optional.empty();
        }
        var bytes = Files.readAllBytes(file);
        var expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(bytes.length - Long.BYTES);
        return Crc64.of(bytes, Long.BYTES) == expected
                ? Optional.of(new State(new String(bytes, StandardCharsets.ISO_8859_1)))
                : Optional.empty();
    }

    /** Writes it with its checksum, which is computed anew. */
    void write(Path file) throws IOException {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length - Long.BYTES, Crc64.of(bytes, Long.BYTES));
        Files.write(file, bytes);
    }

    /**
     * Has paths below a directory lead from the working directory of whoever reads them: of the directory's name a dot and slashes
     * are left, which are as many bytes and mean nothing.
     */
    State relativeFrom(Path directory) {
        var prefix = raw(directory.toString());
        return new State(text.replace(prefix + "/", "." + "/".repeat(prefix.length())));
    }

    boolean names(String file) {
        return text.contains(raw(file));
    }

    /** Whether the file is named, and not by a path that leads elsewhere than into the working directory. */
    boolean namesBelowHere(String file) {
        var name = raw(file);
        var at = text.indexOf(name);
        if (at < 0) {
            return false;
        }
        for (; at >= 0; at = text.indexOf(name, at + 1)) {
            var before = at;
            while (before > 0 && text.charAt(before - 1) == '/') {
                before--;
            }
            if (before < at && (before == 0 || text.charAt(before - 1) != '.')) {
                return false;
            }
        }
        return true;
    }

    /** The different texts of a form that stand in it. */
    List<String> all(Pattern form) {
        return form.matcher(text)
                .results()
                .map(match -> match.group())
                .distinct()
                .toList();
    }

    /** @throws IllegalArgumentException if the one is not as long as the other */
    State with(String one, String other) {
        if (raw(one).length() != raw(other).length()) {
            throw new IllegalArgumentException("is not as long as " + one + ": " + other);
        }
        return new State(text.replace(raw(one), raw(other)));
    }

    /** A character for each byte of the name. */
    private static String raw(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
