package dev.snapfork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class LocalStackTest {
    private static final Path BINARIES = Path.of("target", "postgresql").toAbsolutePath();

    private final Path data;

    LocalStackTest(@TempDir Path data) {
        this.data = data;
    }

    @Test
    void recordsAndRowsSurviveAHardKill() throws Exception {
        try (LocalStackProcess first = LocalStackProcess.start(data, BINARIES)) {
            StackProbe probe = StackProbe.of(first.addresses());
            probe.createTopic("kept");
            probe.produce("kept", "a record");
            probe.sql("create table kept as select 'a row' as value");

            first.kill();
        }

        try (LocalStackProcess second = LocalStackProcess.start(data, BINARIES)) {
            StackProbe probe = StackProbe.of(second.addresses());
            assertThat(probe.consume("kept", 1)).containsExactly("a record");
            assertThat(probe.sql("select value from kept")).containsExactly("a row");
        }
    }

    @Test
    void aDataDirectoryBelongsToOneRunAtATime() throws Exception {
        try (LocalStackProcess running = LocalStackProcess.start(data, BINARIES)) {
            var settings = new LocalStack.Settings(data, BINARIES, 0, 0, Duration.ZERO, line -> {});

            assertThatThrownBy(() -> LocalStack.begin(settings))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("in use by process " + running.pid());
        }
    }

    @Test
    void aTemporaryStackLeavesNothingBehind() throws Exception {
        Path temporary = data.resolve("temporary");

        LocalStackProcess.startTemporary(temporary, BINARIES).close();

        assertThat(temporary).doesNotExist();
    }
}
