package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.RecordedCommands;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.platform.Configured;
import dev.snapfork.snapshot.SnapshotId;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScrubTest {
    private static final Instant NOW = Instant.parse("2026-03-08T10:00:00Z");
    private static final SnapshotId SNAPSHOT = new SnapshotId("s".repeat(24));
    private static final Duration EVERY = Duration.ofDays(7);

    private final InMemoryAgreements agreements = new InMemoryAgreements();
    private final List<Duration> kept = new ArrayList<>();
    private final List<Instant> asked = new ArrayList<>();
    private Optional<ScrubTurns.Turn> due = Optional.of(new ScrubTurns.Turn(SNAPSHOT, NOW.minus(EVERY)));

    private final RecordedCommands commands = new RecordedCommands() {
        @Override
        public Uni<Void> publish(CommandEnvelope envelope) {
            return super.publish(envelope).invoke(() -> settle(envelope));
        }
    };

    private final ScrubTurns turns = new ScrubTurns() {
        @Override
        public Optional<Turn> take(String worker, Instant before, Duration lease) {
            asked.add(before);
            return due;
        }

        @Override
        public void keep(String worker, SnapshotId snapshot, Duration lease) {
            assertThat(snapshot).isEqualTo(SNAPSHOT);
            kept.add(lease);
        }
    };

    private void settle(CommandEnvelope envelope) {
        var attempt = new AttemptId(envelope.id(), "attempt");
        if (agreements.begin(attempt).isEmpty()) {
            var end = envelope.accepted().settled(OperationStatus.SUCCEEDED, NOW, NOW, null, null);
            agreements.record(
                    new dev.snapfork.event.Event.OperationSettled(NOW, end, SNAPSHOT.value(), null, null), attempt);
        }
    }

    private Scrub scrub() {
        var config = Configured.with(Map.of("snapfork.scrub.every", "7D"));
        return new Scrub(config, turns, commands, agreements, new Patience(config), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    void whatIsDueIsVerifiedByACommandAndThenRests() {
        var verified = scrub().verifyOne();

        assertThat(verified).isTrue();
        assertThat(asked).containsExactly(NOW.minus(EVERY));
        assertThat(commands.all())
                .extracting(CommandEnvelope::command)
                .containsExactly(new Command.VerifySnapshot(SNAPSHOT, true));
        assertThat(kept.getLast()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void nothingIsVerifiedWhenNothingIsDue() {
        due = Optional.empty();

        assertThat(scrub().verifyOne()).isFalse();
        assertThat(commands.all()).isEmpty();
    }

    @Test
    void whoeverHasTheTurnAsksForOneAndTheSameVerification() {
        scrub().verifyOne();
        scrub().verifyOne();
        due = Optional.of(new ScrubTurns.Turn(SNAPSHOT, NOW.minus(EVERY).plusSeconds(1)));
        scrub().verifyOne();

        var ids = commands.all().stream().map(CommandEnvelope::id).toList();
        assertThat(ids.get(1)).isEqualTo(ids.get(0));
        assertThat(ids.get(2)).isNotEqualTo(ids.get(0));
    }
}
