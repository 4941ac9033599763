package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.worker.NameClaims.Claim;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
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

    abstract Settlements settlements();

    /** A new command's first attempt. */
    private AttemptId begun() {
        return begun(new OperationId(newId()));
    }

    private AttemptId begun(OperationId operation) {
        var attempt = new AttemptId(operation, newId());
        assertThat(settlements().begin(attempt)).isEmpty();
        return attempt;
    }

    private void settle(AttemptId attempt) {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var outcome = Operation.accepted(attempt.operation(), OperationKind.FORK_SNAPSHOT, null, null, now)
                .settled(OperationStatus.SUCCEEDED, now, now, null, null);
        assertThat(settlements().record(new OperationSettled(now, outcome, newId(), null, null), attempt))
                .isPresent();
    }

    @Test
    void theFirstOwnerHoldsTheNameAndTheSecondDoesNot() {
        var first = newId();

        assertThat(claims().claim(scope, "name", first, begun())).isEqualTo(Claim.HELD);
        assertThat(claims().claim(scope, "name", newId(), begun())).isEqualTo(Claim.TAKEN);
        assertThat(claims().claim(scope, "name", first, begun())).isEqualTo(Claim.HELD);
    }

    @Test
    void aNameIsFreeInOtherScopes() {
        claims().claim(scope, "name", newId(), begun());

        assertThat(claims().claim(newId(), "name", newId(), begun())).isEqualTo(Claim.HELD);
    }

    @Test
    void whatItsOwnerGivesUpIsFreeAgainAndNothingElse() {
        var one = newId();
        var other = newId();
        var attempt = begun();
        claims().claim(scope, "a", one, attempt);
        claims().claim(scope, "b", one, attempt);
        claims().claim(scope, "c", other, begun());

        claims().release(one, attempt);
        claims().release(newId(), attempt);

        assertThat(claims().claim(scope, "a", other, begun())).isEqualTo(Claim.HELD);
        assertThat(claims().claim(scope, "b", other, begun())).isEqualTo(Claim.HELD);
        assertThat(claims().claim(scope, "c", one, begun())).isEqualTo(Claim.TAKEN);
    }

    @Test
    void anAttemptThatIsNotTheLatestNeitherClaimsNorReleases() {
        var lost = begun();
        var owner = newId();
        var latest = begun(lost.operation());
        claims().claim(scope, "a", owner, latest);

        var refused = claims().claim(scope, "b", owner, lost);
        claims().release(owner, lost);

        assertThat(refused).isEqualTo(Claim.LOST);
        assertThat(claims().claim(scope, "a", newId(), begun())).isEqualTo(Claim.TAKEN);
        assertThat(claims().claim(scope, "b", newId(), begun())).isEqualTo(Claim.HELD);
    }

    @Test
    void anAttemptAtWhatHasSettledClaimsNothing() {
        var attempt = begun();
        settle(attempt);

        assertThat(claims().claim(scope, "a", newId(), attempt)).isEqualTo(Claim.LOST);
    }

    @Test
    void whatWasFoundIsGivenItsNameUnlessAnotherHasIt() {
        var cause = new OperationId(newId());
        var owner = newId();

        assertThat(claims().adopt(scope, "name", owner, cause)).isTrue();
        assertThat(claims().adopt(scope, "name", owner, cause)).isTrue();
        assertThat(claims().adopt(scope, "name", newId(), cause)).isFalse();
        assertThat(claims().claim(scope, "name", newId(), begun())).isEqualTo(Claim.TAKEN);
    }

    @Test
    void namesThatNobodyHasAreGivenToWhomTheyBelong() {
        var cause = new OperationId(newId());
        var owner = newId();
        var holder = newId();
        var late = newId();
        claims().claim(scope, "held", holder, begun());
        var holdings = List.of(
                new NameClaims.Holding(scope, "free", owner, cause),
                new NameClaims.Holding(scope, "held", late, cause));

        assertThat(claims().adoptFree(holdings)).containsExactly(owner);
        assertThat(claims().adoptFree(holdings)).isEmpty();
        assertThat(claims().adoptFree(List.of())).isEmpty();

        assertThat(claims().claim(scope, "free", newId(), begun())).isEqualTo(Claim.TAKEN);
        assertThat(claims().claim(scope, "free", owner, begun())).isEqualTo(Claim.HELD);
        assertThat(claims().claim(scope, "held", holder, begun())).isEqualTo(Claim.HELD);
    }

    @Test
    void theOwnersOfNamesWhoseCommandsHaveSettledAreKnownAndCanBeMadeToGiveThemUp() {
        var settled = begun();
        var open = begun();
        var owner = newId();
        var other = newId();
        claims().claim(scope, "a", owner, settled);
        claims().claim(scope, "b", other, open);
        settle(settled);

        assertThat(claims().settledOwners()).contains(owner).doesNotContain(other);
        claims().releaseGone(owner);

        assertThat(claims().claim(scope, "a", newId(), begun())).isEqualTo(Claim.HELD);
        assertThat(claims().claim(scope, "b", newId(), begun())).isEqualTo(Claim.TAKEN);
    }

    @Test
    void ofRivalsExactlyOneWins() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(RIVALS)) {
            for (var round = 0; round < 10; round++) {
                var name = "name-" + round;
                var attempts = new ArrayList<Callable<Claim>>();
                for (var i = 0; i < RIVALS; i++) {
                    attempts.add(() -> claims().claim(scope, name, newId(), begun()));
                }
                var winners = 0;
                for (var attempt : threads.invokeAll(attempts, 60, TimeUnit.SECONDS)) {
                    winners += attempt.get() == Claim.HELD ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
            }
        }
    }
}
