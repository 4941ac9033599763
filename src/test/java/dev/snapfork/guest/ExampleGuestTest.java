package dev.snapfork.guest;

import static dev.snapfork.guest.BootedGuest.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example guest on the machines that it is meant for. */
class ExampleGuestTest {
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(30);

    @BeforeAll
    static void qemuIsThere() {
        BootedGuest.requireQemu();
    }

    @ParameterizedTest
    @ValueSource(strings = {"q35", "microvm"})
    void itBootsAnswersAndGoesOffAtThePowerButton(String machine, @TempDir Path directory)
            throws IOException, InterruptedException {
        try (var guest = BootedGuest.boot(ExampleGuest.require(), machine, directory);
                var console = guest.console()) {
            var token = console.ask("token", LIMIT);

            assertThat(token).matches("[0-9a-f]{32}");
            assertThat(console.ask("token", LIMIT)).isEqualTo(token);
            assertThat(console.ask("rand", LIMIT)).isNotEqualTo(console.ask("rand", LIMIT));
            assertThat(console.ask("set colour deep blue", LIMIT)).isEqualTo("deep blue");
            assertThat(console.ask("get colour", LIMIT)).isEqualTo("deep blue");
            assertThat(console.ask("hostname", LIMIT)).isEqualTo("snapfork");
            assertThat(console.ask("mac", LIMIT)).isEqualTo(BootedGuest.MAC);
            assertThat(console.ask("machine", LIMIT)).isEqualTo("none");
            assertThat(console.ask("dwrite on disk", LIMIT)).isEqualTo("on disk");
            assertThat(console.ask("dread", LIMIT)).isEqualTo("on disk");
            assertThat(console.ask("dirty 16", LIMIT)).isEqualTo("16");
            assertThat(console.ask("sync", LIMIT)).isEqualTo("done");
            var count = console.count(LIMIT);
            assertThat(console.count(LIMIT)).isGreaterThan(count);

            guest.powerButton();

            assertThat(guest.ended(SHUTDOWN_LIMIT)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"q35", "microvm"})
    void itGoesOffWhenTheAgentIsAskedTo(String machine, @TempDir Path directory)
            throws IOException, InterruptedException {
        try (var guest = BootedGuest.boot(ExampleGuest.require(), machine, directory);
                var console = guest.console()) {
            var agent = new GuestAgent(guest.agentSocket(), new SecureRandom(), Clock.systemUTC());
            assertThat(console.ask("sync", LIMIT)).isEqualTo("done");

            assertThat(agent.shutdown(LIMIT)).isTrue();

            assertThat(guest.ended(SHUTDOWN_LIMIT)).isTrue();
        }
    }
}
