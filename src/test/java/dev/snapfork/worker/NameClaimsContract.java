package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What everything that gives out names must do. */
abstract class NameClaimsContract {
    private static final int RIVALS = 8;

    /** Names and owners of their own, as the real claims are shared with other tests. */
    private final String scope = newId();

    abstract NameClaims claims();

    private static String newId() {
        return Cuid.random(RandomGenerator.getDefault());
    }

    private static OperationId newOperation() {
        return new OperationId(newId());
    }

    @Test
    void theFirstOwnerHoldsTheNameAndTheSecondDoesNot() {
        var first = newId();

        assertThat(claims().claim(scope, "name", first, newOperation())).isTrue();
        assertThat(claims().claim(scope, "name", newId(), newOperation())).isFalse();
        assertThat(claims().claim(scope, "name", first, newOperation())).isTrue();
    }

    @Test
    void aNameIsFreeInOtherScopes() {
        claims().claim(scope, "name", newId(), newOperation());

        assertThat(claims().claim(newId(), "name", newId(), newOperation())).isTrue();
    }

    @Test
    void whatItsOwnerGivesUpIsFreeAgainAndNothingElse() {
        var one = newId();
        var other = newId();
        claims().claim(scope, "a", one, newOperation());
        claims().claim(scope, "b", one, newOperation());
        claims().claim(scope, "c", other, newOperation());

        claims().release(one);
        claims().release(newId());

        assertThat(claims().claim(scope, "a", other, newOperation())).isTrue();
        assertThat(claims().claim(scope, "b", other, newOperation())).isTrue();
        assertThat(claims().claim(scope, "c", one, newOperation())).isFalse();
    }

    @Test
    void ofRivalsExactlyOneWins() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(RIVALS)) {
            for (var round = 0; round < 10; round++) {
                var name = "name-" + round;
                var attempts = new ArrayList<Callable<Boolean>>();
                for (var i = 0; i < RIVALS; i++) {
                    attempts.add(() -> claims().claim(scope, name, newId(), newOperation()));
                }
                var winners = 0;
                for (var attempt : threads.invokeAll(attempts, 60, TimeUnit.SECONDS)) {
                    winners += attempt.get() ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
            }
        }
    }
}
