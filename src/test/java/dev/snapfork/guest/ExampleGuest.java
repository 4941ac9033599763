package dev.snapfork.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.snapfork.local.Children;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What {@code deploy/guest/build} makes, in {@code target/guest-image}: a guest that boots within seconds in 128 MiB, runs the agent
 * and answers on its serial console. The files belong to all tests: who writes to the disk copies it first.
 *
 * @param commandLine for the kernel
 * @param rootfs raw, ext4, mounted on {@code /disk}; the guest boots without it too
 */
public record ExampleGuest(Path kernel, Path initrd, String commandLine, Path rootfs) {
    private static final Path DIRECTORY = Path.of("target", "guest-image").toAbsolutePath();
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
    /** How the build says that the host lacks something. */
    private static final int UNAVAILABLE = 69;

    /** Builds it unless it is as it should be; the test is skipped where that cannot be done, and says what is missing. */
    public static synchronized ExampleGuest require() throws IOException {
        var log = Files.createTempFile("guest-build-", ".log");
        try {
            var process = Children.start(new ProcessBuilder("deploy/guest/build", DIRECTORY.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile()));
            if (!Children.exited(process, BUILD_LIMIT)) {
                process.destroyForcibly();
            }
            var said = Files.readString(log).strip();
            assumeThat(process.exitValue()).as(said).isNotEqualTo(UNAVAILABLE);
            assertThat(process.exitValue()).as(said).isZero();
        } finally {
            Files.delete(log);
        }
        return new ExampleGuest(
                DIRECTORY.resolve("kernel"),
                DIRECTORY.resolve("initrd"),
                Files.readString(DIRECTORY.resolve("cmdline")).strip(),
                DIRECTORY.resolve("rootfs.raw"));
    }

    /** Skips the test where that program is not on the path. */
    public static void requireTool(String tool, String debianPackage) {
        var present = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
        assumeThat(present)
                .as("%s is there; if not: apt-get install %s", tool, debianPackage)
                .isTrue();
    }
}
