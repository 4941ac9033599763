package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A copy of a directory with a package of Node's, installed as its lock file says. */
public final class NodePackage {
    private static final long INSTALL_SECONDS = 180;

    private final Path home;

    private NodePackage(Path home) {
        this.home = home;
    }

    /** Whether there are {@code node} and {@code npm}. */
    public static boolean canBeInstalled() {
        return Stream.of("node", "npm")
                .allMatch(tool -> Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool))));
    }

    /**
     * Skips the test where there is no {@code node} or {@code npm}.
     *
     * @param what was not tried then, as a sentence's subject
     */
    static void assumeInstallable(String what) {
        assumeTrue(canBeInstalled(), "node or npm is not installed: " + what + " was not tried");
    }

    /** @param home is made, with all files of the package */
    public static NodePackage install(Path from, Path home) throws IOException, InterruptedException {
        Files.createDirectories(home);
        try (var files = Files.list(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, home.resolve(file.getFileName()));
            }
        }
        var installed = new NodePackage(home);
        var npm = installed.start(builder -> {}, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        var said = said(npm);
        assertThat(npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS))
                .as("npm ends")
                .isTrue();
        assertThat(npm.exitValue()).as(said).isZero();
        return installed;
    }

    /** What is to be so of a process before it starts. */
    public interface Preparation {
        void prepare(ProcessBuilder builder);
    }

    /** Starts a program in the package's directory; what it says on both streams is one. */
    public Process start(Preparation preparation, String... command) throws IOException {
        var builder =
                new ProcessBuilder(List.of(command)).directory(home.toFile()).redirectErrorStream(true);
        preparation.prepare(builder);
        return builder.start();
    }

    /** All that the process says until it ends. */
    public static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
