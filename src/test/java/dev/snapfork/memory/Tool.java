package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command-line tools that the codec's files must get on with. */
final class Tool {
    private static final int DEADLINE_SECONDS = 60;

    private Tool() {}

    static String of(Codec codec) {
        return codec.toString();
    }

    static void assumePresent(String tool) {
        boolean present = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
        assumeThat(present).as("the command-line tool %s is installed", tool).isTrue();
    }

    static void run(String... command) throws IOException, InterruptedException {
        run(Path.of("/dev/null"), new File("/dev/null"), command);
    }

    /** Runs a tool to its end, which must be a success. */
    static void run(Path input, File output, String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("tool-", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(input.toFile())
                    .redirectError(log.toFile())
                    .redirectOutput(output);
            Process process = builder.start();
            boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            assertThat(ended).as("%s ended in time", List.of(command)).isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", List.of(command), Files.readString(log))
                    .isZero();
        } finally {
            Files.delete(log);
        }
    }
}
