package dev.snapfork.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A short run; {@code deploy/chaos/run} makes long ones. */
@Timeout(900)
class ChaosIT {
    private static final Duration DURATION = Duration.ofMinutes(2);
    private static final int FEWEST_KILLS = 40;

    @Test
    void whatWasAcceptedSettlesOnceAndNothingAcknowledgedIsLost(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path home)
            throws Exception {
        var seed = Long.getLong("snapfork.chaos.seed", 1L);

        var report = Chaos.kills(home, DURATION, seed);

        Files.createDirectories(Path.of("target", "chaos"));
        Files.writeString(Path.of("target", "chaos", "report-" + seed + ".txt"), report.table());
        assertThat(report.violations()).as("seed %d%n%s", seed, report.table()).isEmpty();
        assertThat(report.kills()).as(report.table()).isGreaterThanOrEqualTo(FEWEST_KILLS);
    }
}
