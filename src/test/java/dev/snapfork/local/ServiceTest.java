package dev.snapfork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServiceTest {
    private final List<String> notices = new ArrayList<>();

    private final Path data;

    ServiceTest(@TempDir Path data) throws IOException {
        this.data = data;
        Files.createDirectories(data.resolve("logs"));
        Files.createDirectories(data.resolve("cache"));
    }

    @Test
    void aServiceThatOutlivedItsLauncherIsStoppedFirst() throws Exception {
        Process leftover = new ProcessBuilder("sh", "-c", "sleep 120; :", "/somewhere/quarkus-run.jar").start();
        remember(ProcessIdentity.of(leftover.pid()).orElseThrow());

        Service.stopLeftover(data, notices::add);

        assertThat(Children.exited(leftover, Duration.ofSeconds(20))).isTrue();
        assertThat(notices).singleElement().asString().contains("process " + leftover.pid());
        assertThat(data.resolve("service.pid")).doesNotExist();
    }

    @Test
    void aProcessThatOnlyInheritedThePidIsLeftAlone() throws Exception {
        Process alien = new ProcessBuilder("sh", "-c", "sleep 120; :", "/somewhere/quarkus-run.jar").start();
        long started = ProcessIdentity.of(alien.pid()).orElseThrow().started();
        remember(new ProcessIdentity(alien.pid(), started - 1));

        Service.stopLeftover(data, notices::add);

        assertThat(alien.isAlive()).isTrue();
        assertThat(notices).isEmpty();
        alien.destroyForcibly();
    }

    @Test
    void aServiceThatDiesWhileStartingIsReportedWithItsLastWords() throws Exception {
        var settings = new Service.Settings(data.resolve("missing.jar"), data, 1, List.of(), Map.of());

        try (Service service = Service.start(settings, notices::add)) {
            assertThatThrownBy(() -> service.awaitReady(Duration.ofSeconds(30)))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("ended with status 1")
                    .hasMessageContaining("missing.jar");
        }
    }

    private void remember(ProcessIdentity identity) throws IOException {
        PrivateFile.write(data.resolve("service.pid"), identity.text());
    }
}
