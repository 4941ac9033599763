package dev.snapfork.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.rest.Unanswered.Reason;
import dev.snapfork.view.OperationViews.Result;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Needs the service, since that is what makes responses. */
@QuarkusTest
class AnswersTest {
    private static final OperationId ID = new OperationId("o".repeat(24));
    private static final String LOCATION = "/operations/" + ID;

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            OVERLOADED      | false | 429 | too_many_requests | 1 | none
            OVERLOADED      | true  | 429 | too_many_requests | 1 | none
            NOT_BEGUN       | false | 503 | unavailable       | 2 | none
            AWAY            | true  | 503 | unavailable       | 2 | none
            UNCONFIRMED     | false | 503 | unavailable       | 2 | none
            STOPPED_WAITING | true  | 503 | unavailable       | 2 | none
            STOPPED_WAITING | false | 503 | unavailable       | 2 | false
            """)
    void clientsThatRetryByThemselvesAreKeptFromDoingTwiceWhatGoesOn(
            Reason reason, boolean keyed, int status, String code, String after, String shouldRetry) {
        var answer = Answers.unanswered(new Unanswered(reason, ID, "why"), keyed);

        assertThat(answer.getStatus()).isEqualTo(status);
        assertThat(String.valueOf(answer.getEntity())).isEqualTo("{\"code\":\"" + code + "\",\"message\":\"why\"}");
        assertThat(answer.getHeaderString("Retry-After")).isEqualTo(after);
        assertThat(answer.getHeaderString("x-should-retry")).isEqualTo(shouldRetry);
        assertThat(answer.getHeaderString("Location")).isEqualTo(LOCATION);
    }

    @ParameterizedTest
    @CsvSource({"-5000,1", "0,1", "999,1", "1000,1", "15999,15"})
    void whoComesTooEarlyIsToldWhenToComeAgain(long millis, String after) {
        var answer = Answers.inProgress(ID, Duration.ofMillis(millis));

        assertThat(answer.getStatus()).isEqualTo(409);
        assertThat(answer.getHeaderString("Retry-After")).isEqualTo(after);
        assertThat(answer.getHeaderString("x-should-retry")).isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", textBlock = """
            CREATE_INSTANCE, NAME_CONFLICT,             400, name_conflict,             none
            FORK_INSTANCE,   NAME_CONFLICT,             409, name_conflict,             false
            CREATE_INSTANCE, NOT_FOUND,                 404, not_found,                 none
            CREATE_INSTANCE, INSUFFICIENT_RESOURCES,    409, insufficient_resources,    false
            CREATE_INSTANCE, NOT_SUPPORTED,             501, not_supported,             false
            STANDBY_INSTANCE, INVALID_COMPRESSION_DELAY, 400, invalid_compression_delay, none
            STANDBY_INSTANCE, INVALID_STATE,            409, invalid_state,             false
            RESTORE_INSTANCE, INTERNAL_ERROR,           500, internal_error,            false
            """)
    void whatAMachineIsRefusedHasTheContractsStatus(
            OperationKind kind, RefusalCode code, int status, String text, String shouldRetry) {
        var now = Instant.parse("2026-03-01T10:00:00Z");
        var refused = Operation.accepted(ID, kind, null, "i".repeat(24), now)
                .settled(OperationStatus.REJECTED, now, now, null, new Refusal(code, "why"));

        var answer = Answers.settled(new Result(refused, Optional.empty(), Optional.empty()), Answers::instance);

        assertThat(answer.getStatus()).isEqualTo(status);
        assertThat(String.valueOf(answer.getEntity())).isEqualTo("{\"code\":\"" + text + "\",\"message\":\"why\"}");
        assertThat(answer.getHeaderString("x-should-retry")).isEqualTo(shouldRetry);
    }

    @Test
    void whatSaysThatThereIsNoAnswerYetIsNobodysAnswer() {
        assertThat(Answers.replayed(Answers.timeout(ID)).getHeaderString("Idempotency-Replayed"))
                .isNull();
        assertThat(Answers.replayed(Answers.noContent()).getHeaderString("Idempotency-Replayed"))
                .isEqualTo("true");
    }
}
