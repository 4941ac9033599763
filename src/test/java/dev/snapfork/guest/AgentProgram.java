package dev.snapfork.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.local.Children;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The agent on this host, in a dry run below a directory of its own, with sanitizers that end it at the first wrong access or undefined
 * step.
 */
final class AgentProgram implements AutoCloseable {
    private static final Path SOURCES = Path.of("deploy", "guest-agent");
    private static final Path BINARY =
            Path.of("target", "guest-agent-sanitized").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Process process;
    private final OutputStream requests;
    private final BufferedReader answers;
    private final Path complaints;

    private AgentProgram(Process process, Path complaints) {
        this.process = process;
        this.requests = process.getOutputStream();
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1));
        this.complaints = complaints;
    }

    /** Compiles it; the test is skipped where there is no compiler. */
    static void require() throws IOException {
        ExampleGuest.requireTool("gcc", "gcc libc6-dev");
        var command = new ArrayList<>(List.of("gcc", "-std=gnu17", "-g", "-O1", "-Wall", "-Wextra", "-Werror"));
        command.addAll(List.of("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-o", BINARY.toString()));
        try (var sources = Files.list(SOURCES)) {
            sources.map(Path::toString)
                    .filter(name -> name.endsWith(".c"))
                    .sorted()
                    .forEach(command::add);
        }
        var log = Files.createTempFile("guest-agent-", ".log");
        try {
            var compiler = Children.start(
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()));
            assertThat(Children.exited(compiler, LIMIT)).isTrue();
            assertThat(compiler.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            Files.delete(log);
        }
    }

    /** @param root where it looks for files and writes them; gets a {@code run} directory */
    static AgentProgram start(Path root) throws IOException {
        Files.createDirectories(root.resolve("run"));
        var complaints = root.resolve("stderr");
        var command = List.of(BINARY.toString(), "--stdio", "--dry-run", "--root", root.toString());
        return new AgentProgram(
                Children.start(new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(new File(complaints.toString())))),
                complaints);
    }

    void say(byte... bytes) throws IOException {
        requests.write(bytes);
        requests.flush();
    }

    /** The next line that the agent says; it ends without one if it was at its end. */
    Message answer() throws IOException {
        var line = Optional.ofNullable(answers.readLine());
        assertThat(line).as(Files.readString(complaints)).isPresent();
        return Message.decoded(line.get()).orElseThrow(() -> new AssertionError("not an answer: " + line.get()));
    }

    Message ask(String line) throws IOException {
        say((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
        return answer();
    }

    /** Ends its input; it ends in good order then, having said these lines. */
    Stream<String> finish() throws IOException {
        requests.close();
        var rest = answers.lines().toList();
        assertThat(Children.exited(process, LIMIT)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(complaints)).isZero();
        return rest.stream();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
