package dev.snapfork.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What everything that remembers keys must do. */
abstract class IdempotencyKeysContract {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final Instant YESTERDAY = NOW.minus(Duration.ofDays(1));
    private static final Duration LEASE = Duration.ofSeconds(16);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int RIVALS = 8;
    private static final int MANY = 1_000;

    private final IdempotencyKey key = new IdempotencyKey("caller", newId());

    abstract IdempotencyKeys keys();

    private static String newId() {
        return Cuid.random(RandomGenerator.getDefault());
    }

    private Claim claim(Instant made) {
        return claim(made, new Command.DeleteSnapshot(new SnapshotId(newId())));
    }

    private Claim claim(Instant made, Command command) {
        return new Claim(
                key, "request", new CommandEnvelope(new OperationId(newId()), made, command), made.plus(LEASE));
    }

    private static <T> T come(Uni<T> result) {
        return result.await().atMost(LIMIT);
    }

    static Stream<Command> commands() {
        return Stream.of(
                new Command.CreateSnapshot(
                        new SnapshotId(newId()),
                        new InstanceId(newId()),
                        SnapshotKind.STANDBY,
                        "näme \"quoted\" \\ 😀",
                        Map.of("k", "v"),
                        new CompressionConfig(true, null, 3)),
                new Command.ForkSnapshot(
                        new SnapshotId(newId()), new InstanceId(newId()), "f", TargetState.STANDBY, null),
                new Command.RestoreSnapshot(new InstanceId(newId()), new SnapshotId(newId()), null, null),
                new Command.CompressSnapshot(new SnapshotId(newId()), new CompressionConfig(true, null, null)));
    }

    @Test
    void aKeyThatNobodyClaimedIsNotFound() {
        assertThat(come(keys().find(key, YESTERDAY))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aClaimIsFoundAsItWasWithTheCommandThatItStandsFor(Command command) {
        var claim = claim(NOW, command);

        assertThat(come(keys().claim(claim, YESTERDAY))).isEqualTo(claim);

        assertThat(come(keys().find(key, YESTERDAY))).contains(claim);
    }

    @Test
    void theFirstClaimStands() {
        var first = claim(NOW);
        come(keys().claim(first, YESTERDAY));

        assertThat(come(keys().claim(claim(NOW), YESTERDAY))).isEqualTo(first);
    }

    @Test
    void keysOfDifferentCallersAreDifferentKeys() {
        var mine = claim(NOW);
        come(keys().claim(mine, YESTERDAY));
        var theirs = new Claim(
                new IdempotencyKey("another", key.key()), mine.request(), mine.envelope(), mine.publishUntil());

        assertThat(come(keys().find(theirs.key(), YESTERDAY))).isEmpty();
        assertThat(come(keys().claim(theirs, YESTERDAY))).isEqualTo(theirs);
    }

    @Test
    void ofRivalsOneWinsAndAllSeeTheSame() throws InterruptedException, ExecutionException {
        var rivals = new ArrayList<Callable<Claim>>();
        for (var i = 0; i < RIVALS; i++) {
            rivals.add(() -> come(keys().claim(claim(NOW), YESTERDAY)));
        }
        var standing = new ArrayList<Claim>();
        try (var threads = Executors.newFixedThreadPool(RIVALS)) {
            for (var result : threads.invokeAll(rivals, LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                standing.add(result.get());
            }
        }

        assertThat(standing).hasSize(RIVALS).containsOnly(standing.getFirst());
    }

    @Test
    void anExpiredClaimIsNotFoundAndStandsInNobodysWay() {
        var old = claim(YESTERDAY.minusMillis(1));
        come(keys().claim(old, old.envelope().issuedAt()));
        var fresh = claim(NOW);

        assertThat(come(keys().find(key, YESTERDAY))).isEmpty();
        assertThat(come(keys().claim(fresh, YESTERDAY))).isEqualTo(fresh);
        assertThat(come(keys().find(key, YESTERDAY))).contains(fresh);
    }

    @Test
    void aClaimStandsToItsLastInstant() {
        var old = claim(YESTERDAY);
        come(keys().claim(old, YESTERDAY));

        assertThat(come(keys().find(key, YESTERDAY))).contains(old);
        assertThat(come(keys().claim(claim(NOW), YESTERDAY))).isEqualTo(old);
    }

    @Test
    void nobodyTakesOverWhileThePublisherHasTime() {
        var claim = claim(NOW);
        come(keys().claim(claim, YESTERDAY));
        var end = claim.publishUntil();

        assertThat(come(keys().takeOver(claim, end.minusMillis(1), end.plus(LEASE))))
                .isFalse();
        assertThat(come(keys().takeOver(claim, end, end.plus(LEASE)))).isTrue();
        // now it is that one's time
        assertThat(come(keys().takeOver(claim, end, end.plus(LEASE)))).isFalse();
    }

    @Test
    void whatIsGivenBackCanBeTakenOverAtOnce() {
        var claim = claim(NOW);
        come(keys().claim(claim, YESTERDAY));

        come(keys().giveBack(claim));

        assertThat(come(keys().takeOver(claim, NOW, NOW.plus(LEASE)))).isTrue();
    }

    @Test
    void aClaimThatDoesNotStandAnyMoreIsNotTakenOver() {
        var old = claim(YESTERDAY.minusMillis(1));
        come(keys().claim(old, old.envelope().issuedAt()));
        var fresh = claim(NOW.minus(LEASE));
        come(keys().claim(fresh, YESTERDAY));

        assertThat(come(keys().takeOver(old, NOW, NOW.plus(LEASE)))).isFalse();
    }

    @Test
    void whatExpiredIsForgottenSoManyAtATime() {
        come(keys().forgetBefore(NOW.plusSeconds(1), MANY));
        for (var number : List.of("a", "b", "c")) {
            var claim = claim(YESTERDAY.minusMillis(1));
            come(keys().claim(
                            new Claim(
                                    new IdempotencyKey(number, key.key()),
                                    "request",
                                    claim.envelope(),
                                    claim.publishUntil()),
                            YESTERDAY.minusMillis(1)));
        }
        var kept = claim(YESTERDAY);
        come(keys().claim(kept, YESTERDAY));

        assertThat(come(keys().forgetBefore(YESTERDAY, 2))).isEqualTo(2);
        assertThat(come(keys().forgetBefore(YESTERDAY, 2))).isEqualTo(1);
        assertThat(come(keys().forgetBefore(YESTERDAY, 2))).isZero();
        assertThat(come(keys().find(key, YESTERDAY))).contains(kept);
    }
}
