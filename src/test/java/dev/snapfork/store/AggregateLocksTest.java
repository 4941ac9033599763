package dev.snapfork.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregateLocksTest {
    private static final String ID = "a".repeat(24);

    /** Another process: takes the lock, says so, and holds it for as long as its input is open. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            new AggregateLocks(Path.of(arguments[0]), Duration.ofSeconds(20)).holding(arguments[1], () -> {
                System.out.println("locked");
                return System.in.read();
            });
        }
    }

    @Test
    void anotherProcessIsKeptOutUntilThisOneIsDone(@TempDir Path directory) throws Exception {
        var locks = new AggregateLocks(directory, Duration.ofMillis(50));
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString(),
                        ID)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            assertThat(output.readLine()).isEqualTo("locked");

            assertThatThrownBy(() -> locks.holding(ID, () -> "done"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(ID);

            // dies without letting go
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(locks.holding(ID, () -> "done")).isEqualTo("done");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theLockIsFreeAgainAfterAFailure(@TempDir Path directory) throws IOException {
        var locks = new AggregateLocks(directory, Duration.ofSeconds(20));
        assertThatThrownBy(() -> locks.holding(ID, () -> {
                    throw new IOException("failed");
                }))
                .hasMessage("failed");

        var outcome = locks.holding(ID, () -> "done");

        assertThat(outcome).isEqualTo("done");
    }
}
