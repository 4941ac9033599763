package dev.snapfork.hypervisor.process;

import dev.snapfork.hypervisor.MachineHome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What a process said last, for messages. */
public final class LastWords {
    private static final int TAIL = 4096;
    private static final int LINES = 4;
    private static final int CHARACTERS = 600;

    private LastWords() {}

    /** The last lines of a machine's log on one line of at most {@value #CHARACTERS} characters; says so if there are none. */
    public static String of(MachineHome home) {
        try {
            var lines = new String(tail(Spawn.log(home)), StandardCharsets.UTF_8)
                    .lines()
                    .map(line ->
                            line.replaceAll("\u001b\\[[0-9;]*m|\\p{Cntrl}", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
            return lines.isEmpty() ? "it said nothing" : joined(lines);
        } catch (IOException e) {
            return "what it said cannot be read";
        }
    }

    private static String joined(List<String> lines) {
        var text = lines.stream().skip(Math.max(0, lines.size() - LINES)).collect(Collectors.joining("; "));
        return text.substring(Math.max(0, text.length() - CHARACTERS));
    }

    private static byte[] tail(Path log) throws IOException {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            var bytes = new byte[(int) Math.min(TAIL, file.length())];
            file.seek(file.length() - bytes.length);
            file.readFully(bytes);
            return bytes;
        }
    }
}
