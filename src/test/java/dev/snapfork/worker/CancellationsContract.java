package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.Progress;
import dev.snapfork.worker.Cancellations.Request;
import dev.snapfork.worker.Cancellations.Turn;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What everything that brings requests to cancel to the workers must do. */
abstract class CancellationsContract {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00.123456Z");
    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");
    private static final int MANY = 100_000;

    private final OperationId id = new OperationId(Cuid.random(RandomGenerator.getDefault()));
    private final Operation operation =
            Operation.accepted(id, OperationKind.FORK_SNAPSHOT, "s".repeat(24), "i".repeat(24), THEN);

    abstract Cancellations cancellations();

    /** What a caller does. */
    abstract void ask(Operation operation);

    abstract Settlements settlements();

    private List<Request> requests() {
        return cancellations().requests(MANY).stream()
                .filter(request -> request.accepted().id().equals(id))
                .toList();
    }

    private void settle() {
        var attempt = new AttemptId(id, "attempt");
        assertThat(settlements().begin(attempt)).isEmpty();
        assertThat(settlements().record(SettlementsContract.cancelled(operation, THEN), attempt))
                .isPresent();
    }

    @Test
    void whatNobodyWantsStoppedIsBegunHoweverOftenItComes() {
        assertThat(cancellations().takeUp(id)).isEqualTo(Turn.BEGIN);
        assertThat(cancellations().takeUp(id)).isEqualTo(Turn.BEGIN);
        assertThat(requests()).isEmpty();
    }

    @Test
    void whatIsCancelledBeforeItIsTakenUpIsNeverBegun() {
        ask(operation);

        assertThat(requests()).containsExactly(new Request(operation, false));
        assertThat(cancellations().takeUp(id)).isEqualTo(Turn.WITHDRAWN);
        assertThat(cancellations().takeUp(id)).isEqualTo(Turn.WITHDRAWN);
        assertThat(requests()).containsExactly(new Request(operation, false));
    }

    @Test
    void whatIsCancelledLaterIsToBeStoppedByWhoeverHasIt() {
        cancellations().takeUp(id);

        ask(operation.running(THEN, new Progress(1, 2, 3)));

        assertThat(requests()).containsExactly(new Request(operation, true));
        assertThat(cancellations().takeUp(id)).isEqualTo(Turn.STOP);
    }

    @Test
    void askingTwiceIsAskingOnce() {
        ask(operation);
        ask(operation);

        assertThat(requests()).hasSize(1);
    }

    @Test
    void noMoreRequestsAreGivenThanWereAskedFor() {
        ask(operation);

        assertThat(cancellations().requests(0)).isEmpty();
        assertThat(cancellations().requests(1)).hasSize(1);
    }

    @Test
    void whatIsForgottenIsNoRequestAnyMore() {
        ask(operation);

        cancellations().forget(id);

        assertThat(requests()).isEmpty();
    }

    @Test
    void whatIsForgottenIsNotBegunByWhoHadItInItsHands() {
        ask(operation);

        cancellations().forget(id);

        assertThat(cancellations().takeUp(id)).isEqualTo(Turn.WITHDRAWN);
    }

    @Test
    void whatHasSettledIsForgottenIfItWasTakenUp() {
        cancellations().takeUp(id);
        ask(operation);
        cancellations().forgetSettled(LONG_AGO);
        assertThat(requests()).hasSize(1);

        settle();
        cancellations().forgetSettled(LONG_AGO);

        assertThat(requests()).isEmpty();
    }

    @Test
    void theRequestOfWhatWasNeverTakenUpStaysUntilItsEndIsPublished() {
        ask(operation);
        settle();

        cancellations().forgetSettled(LONG_AGO);

        assertThat(requests()).hasSize(1);
        cancellations().forget(id);
    }

    @Test
    void ofTakingUpAndCancellingOneComesFirst() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var round = 0; round < 50; round++) {
                var rival = new OperationId(Cuid.random(RandomGenerator.getDefault()));
                var accepted = Operation.accepted(rival, OperationKind.DELETE_SNAPSHOT, "s".repeat(24), null, THEN);
                Callable<Turn> takingUp = () -> cancellations().takeUp(rival);
                Callable<Turn> asking = () -> {
                    ask(accepted);
                    return Turn.STOP;
                };
                var turn = threads.invokeAll(List.of(takingUp, asking), 30, TimeUnit.SECONDS)
                        .getFirst()
                        .get();

                var takenUp = cancellations().requests(MANY).stream()
                        .filter(request -> request.accepted().id().equals(rival))
                        .map(Request::takenUp)
                        .toList();
                // what its worker was told and what everybody else is told agree
                assertThat(takenUp).containsExactly(turn != Turn.WITHDRAWN);
                cancellations().forget(rival);
            }
        }
    }
}
