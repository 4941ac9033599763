package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Progress;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What everything that remembers how commands settled must do. */
abstract class SettlementsContract {
    private static final int RIVALS = 8;
    /** Long before what other tests settle. */
    private static final Instant THEN = Instant.parse("2001-01-01T00:00:00.123456Z");

    private final OperationId operation = new OperationId(Cuid.random(RandomGenerator.getDefault()));

    abstract Settlements settlements();

    /** The end of an operation that was cancelled. */
    static OperationSettled cancelled(Operation accepted, Instant time) {
        var outcome = accepted.withdrawn(time, new Refusal(RefusalCode.CANCELLED, "cancelled"));
        return new OperationSettled(time, outcome, accepted.id().value(), null, null);
    }

    private OperationSettled settled(OperationStatus status, @Nullable Refusal why, Instant time) {
        var snapshot = new Snapshot(
                new SnapshotId("s".repeat(24)),
                "n",
                SnapshotKind.STANDBY,
                Map.of("k", "v"),
                new InstanceId("i".repeat(24)),
                "vm",
                Hypervisor.QEMU,
                THEN,
                5,
                CompressionState.NONE,
                null,
                null,
                null,
                null,
                2);
        var outcome = Operation.accepted(operation, OperationKind.CREATE_SNAPSHOT, "s".repeat(24), null, THEN)
                .settled(status, THEN, time, new Progress(1, 1, 1), why);
        return new OperationSettled(time, outcome, "s".repeat(24), why == null ? snapshot : null, null);
    }

    private AttemptId newAttempt() {
        return new AttemptId(operation, UUID.randomUUID().toString());
    }

    private AttemptId begun() {
        var attempt = newAttempt();
        assertThat(settlements().begin(attempt)).isEmpty();
        return attempt;
    }

    @Test
    void whatIsNotOnRecordIsNotFound() {
        assertThat(settlements().find(operation)).isEmpty();
    }

    @Test
    void whatIsRecordedIsFoundAsItWas() {
        var end = settled(OperationStatus.SUCCEEDED, null, THEN);

        var recorded = settlements().record(end, begun());

        assertThat(recorded).contains(end);
        assertThat(settlements().find(operation)).contains(end);
    }

    @Test
    void theFirstEndStandsWhateverComesLater() {
        var first = settled(OperationStatus.REJECTED, Refusal.conflict("taken"), THEN);
        var attempt = begun();
        settlements().record(first, attempt);

        var second = settlements().record(settled(OperationStatus.SUCCEEDED, null, THEN.plusSeconds(1)), attempt);

        assertThat(second).contains(first);
        assertThat(settlements().find(operation)).contains(first);
    }

    @Test
    void whoBeginsWithACommandThatHasSettledIsToldHow() {
        var end = settled(OperationStatus.SUCCEEDED, null, THEN);
        settlements().record(end, begun());
        var late = newAttempt();

        assertThat(settlements().begin(late)).contains(end);
        assertThat(settlements().record(settled(OperationStatus.REJECTED, Refusal.conflict("no"), THEN), late))
                .contains(end);
    }

    @Test
    void anAttemptThatIsNotTheLatestRecordsNothing() {
        var lost = begun();
        var latest = begun();
        var end = settled(OperationStatus.SUCCEEDED, null, THEN);

        var refused = settlements().record(settled(OperationStatus.FAILED, Refusal.conflict("late"), THEN), lost);
        var recorded = settlements().record(end, latest);
        var late = settlements().record(settled(OperationStatus.FAILED, Refusal.conflict("late"), THEN), lost);

        assertThat(refused).isEmpty();
        assertThat(recorded).contains(end);
        assertThat(late).contains(end);
    }

    @Test
    void anAttemptMayBeginTwiceAndStaysTheLatest() {
        var attempt = begun();

        assertThat(settlements().begin(attempt)).isEmpty();
        assertThat(settlements().record(settled(OperationStatus.SUCCEEDED, null, THEN), attempt))
                .isPresent();
    }

    @Test
    void ofManyAttemptsAtOnceExactlyOneRecords() throws Exception {
        var rivals = new ArrayList<Callable<Boolean>>();
        for (var i = 0; i < RIVALS; i++) {
            var end = settled(OperationStatus.REJECTED, Refusal.conflict("rival " + i), THEN);
            rivals.add(() -> {
                var attempt = newAttempt();
                return settlements().begin(attempt).isEmpty()
                        && settlements()
                                .record(end, attempt)
                                .filter(end::equals)
                                .isPresent();
            });
        }

        var winners = 0;
        try (var threads = Executors.newFixedThreadPool(RIVALS)) {
            for (var rival : threads.invokeAll(rivals, 60, TimeUnit.SECONDS)) {
                winners += rival.get() ? 1 : 0;
            }
        }

        assertThat(winners).isEqualTo(1);
    }

    @Test
    void whatWasGivenUpIsListed() {
        var end = settled(OperationStatus.FAILED, Refusal.conflict("full"), THEN);
        settlements().record(end, begun());

        assertThat(settlements().failed()).contains(end);
    }

    @Test
    void whatSettledBeforeATimeIsForgottenAndNothingElse() {
        var end = settled(OperationStatus.SUCCEEDED, null, THEN);
        settlements().record(end, begun());

        settlements().forgetBefore(THEN);
        assertThat(settlements().find(operation)).contains(end);
        settlements().forgetBefore(THEN.plus(Duration.ofMillis(1)));
        assertThat(settlements().find(operation)).isEmpty();
    }
}
