package dev.snapfork.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Outages that outlast sessions and deliveries; {@code deploy/chaos/run --outages} has longer ones. */
@Timeout(900)
class OutagesIT {
    private static final Duration LENGTH = Duration.ofSeconds(20);

    @Test
    void withoutBrokerOrDatabaseReadsGoOnOrAreRefusedAndNothingAcceptedIsDropped(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path home) throws Exception {
        var report = Chaos.outages(home, LENGTH, 1);

        assertThat(report.violations()).as(report.table()).isEmpty();
    }
}
