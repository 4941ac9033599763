package dev.snapfork.machine;

import dev.snapfork.hypervisor.MachineHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds the processes of machines by the label in their environment, which they have from their first instant on: also those that
 * nobody wrote down, because the service died right after starting them.
 */
final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final String PREFIX = MachineHome.LABEL + "=";
    private static final int END_WITHIN_SECONDS = 10;

    private Processes() {}

    /** @param label what was given to it when it was started */
    record Labelled(long pid, String label) {}

    /** Those whose label begins so and that have not ended. */
    static List<Labelled> labelled(String beginning) throws IOException {
        var found = new ArrayList<Labelled>();
        try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var entry : entries) {
                var label = label(entry);
                if (label.startsWith(beginning)) {
                    found.add(new Labelled(Long.parseLong(entry.getFileName().toString()), label));
                }
            }
        }
        return List.copyOf(found);
    }

    /** Empty if it has none, is another user's, or has ended meanwhile; a process that has ended and is not reaped has none either. */
    private static String label(Path process) {
        try {
            var environment = new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
            var at = environment.startsWith(PREFIX) ? 0 : environment.indexOf("\0" + PREFIX) + 1;
            if (at == 0 && !environment.startsWith(PREFIX)) {
                return "";
            }
            var end = environment.indexOf('\0', at);
            return environment.substring(at + PREFIX.length(), end < 0 ? environment.length() : end);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Ends a process as it was found, at once.
     *
     * @throws MachineException if it has not ended in time
     */
    static void kill(Labelled process) throws MachineException, InterruptedException {
        var handle = ProcessHandle.of(process.pid()).orElse(null);
        if (handle == null || !label(PROC.resolve(Long.toString(process.pid()))).equals(process.label())) {
            return;
        }
        handle.destroyForcibly();
        try {
            handle.onExit().get(END_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new MachineException("process " + process.pid() + " of a machine does not end");
        } catch (ExecutionException e) {
            throw new MachineException(
                    "process " + process.pid() + " of a machine cannot be waited for: " + e.getCause());
        }
    }
}
