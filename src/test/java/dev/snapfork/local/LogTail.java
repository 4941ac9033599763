package dev.snapfork.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log, for the person who has to find out why something did not start. */
final class LogTail {
    private LogTail() {}

    static String of(Path log, int lines) {
        try {
            // ISO 8859-1 reads any bytes, and a log cut off by a kill may end inside a character
            List<String> all = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
