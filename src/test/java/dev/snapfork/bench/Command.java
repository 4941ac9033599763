package dev.snapfork.bench;

import dev.snapfork.local.Children;
import dev.snapfork.local.LaunchException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Command lines that run one after the other while each succeeds.
 *
 * @param steps a program and its arguments each
 */
record Command(List<List<String>> steps) {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Pattern TIMES =
            Pattern.compile("^times (\\d+\\.\\d+) (\\d+\\.\\d+) (\\d+\\.\\d+)$", Pattern.MULTILINE);

    Command {
        steps = List.copyOf(steps);
    }

    static Command of(String... words) {
        return new Command(List.of(List.of(words)));
    }

    Command then(Command next) {
        return new Command(Stream.concat(steps.stream(), next.steps.stream()).toList());
    }

    /** @throws LaunchException when one of them is not on the {@code PATH}, naming what is missing */
    static void require(String... tools) {
        var path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin" + File.pathSeparator
                + "/sbin";
        var missing = Stream.of(tools)
                .filter(tool -> Stream.of(path.split(File.pathSeparator, -1))
                        .noneMatch(directory -> Files.isExecutable(Path.of(directory, tool))))
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new LaunchException("Not on the PATH, and needed for what is to be measured: " + missing + ".");
        }
    }

    /** @throws IOException with what it said, when it fails or takes longer than 30 minutes */
    String run() throws IOException {
        return shell(script());
    }

    /** Times it as the shell does, without the shell's own start. */
    Sample time() throws IOException {
        return times(shell("TIMEFORMAT='times %3R %3U %3S'; time { " + script() + "; }"));
    }

    /** Reads what the shell says of a command: the last line of {@code times}, with real, user and system seconds. */
    static Sample times(String said) throws IOException {
        var found = TIMES.matcher(said).results().reduce((first, second) -> second);
        if (found.isEmpty()) {
            throw new IOException("the shell did not say what it took: " + said);
        }
        var times = found.get();
        return new Sample(
                Double.parseDouble(times.group(1)),
                Double.parseDouble(times.group(2)) + Double.parseDouble(times.group(3)));
    }

    /** The steps as a shell reads them. */
    String script() {
        return steps.stream()
                .map(step -> step.stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(" && "));
    }

    private static String shell(String script) throws IOException {
        var said = Files.createTempFile("command-", ".log");
        try {
            var builder = new ProcessBuilder("bash", "-c", script)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .redirectInput(Path.of("/dev/null").toFile());
            builder.environment().put("LC_ALL", "C");
            builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + File.pathSeparator + more);
            var process = builder.start();
            if (!Children.exited(process, LIMIT)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IOException("not ended after " + LIMIT.toMinutes() + " minutes: " + script);
            }
            var text = Files.readString(said, StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException(script + " ended with status " + process.exitValue() + ": " + text.strip());
            }
            return text;
        } finally {
            Files.deleteIfExists(said);
        }
    }
}
