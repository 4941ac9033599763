package dev.snapfork.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.Guests;
import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Keys whose first request died at one point or another, as the table shows it afterwards. */
@QuarkusTest
class RepeatsTest {
    private static final String BODY = "{\"kind\":\"Standby\"}";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final IdempotencyKeys keys;
    private final KeyExpiry expiry;
    private final ApiClient api = ApiClient.at(ConfigProvider.getConfig().getValue("test.url", String.class));
    private final Guests guests =
            new Guests(Path.of(ConfigProvider.getConfig().getValue("snapfork.data-dir", String.class)), api);
    private final String key = newId();

    @Inject
    RepeatsTest(IdempotencyKeys keys, KeyExpiry expiry) {
        this.keys = keys;
        this.expiry = expiry;
    }

    private static String newId() {
        return Cuid.random(RandomGenerator.getDefault());
    }

    private static Instant now() {
        return Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);
    }

    private Claim claim(String instance, Instant made, Instant publishUntil) {
        var command = new Command.CreateSnapshot(
                new SnapshotId(newId()), new InstanceId(instance), SnapshotKind.STANDBY, null, Map.of(), null);
        var claim = new Claim(
                new IdempotencyKey(Sha256.hex("tests"), key),
                Sha256.hex("POST " + path(instance) + "\n", BODY.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                new CommandEnvelope(new OperationId(newId()), made, command),
                publishUntil);
        return keys.claim(claim, made).await().atMost(LIMIT);
    }

    private static String path(String instance) {
        return "/instances/" + instance + "/snapshots";
    }

    @Test
    void aCommandThatWasClaimedAndNeverPublishedIsPublishedByTheNextRequestWithTheSameIds() {
        var instance = guests.newStandby();
        var claim = claim(instance, now().minusSeconds(60), now().minusSeconds(44));

        var made = api.post(path(instance), BODY, "Idempotency-Key", key).expect(201);

        var command = (Command.CreateSnapshot) claim.envelope().command();
        assertThat(made.id()).isEqualTo(command.snapshot().value());
        assertThat(made.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(api.get("/operations/" + claim.operation()).expect(200).text("status"))
                .isEqualTo("succeeded");
        var again = api.post(path(instance), BODY, "Idempotency-Key", key).expect(201);
        assertThat(again.body()).isEqualTo(made.body());
    }

    @Test
    void whatSomebodyMayJustBePublishingIsLeftToHim() {
        var instance = guests.newStandby();
        var claim = claim(instance, now(), now().plusSeconds(600));

        var answer = api.post(path(instance), BODY, "Idempotency-Key", key).expect(409);
        var asynchronous = api.post(path(instance), BODY, "Idempotency-Key", key, "Prefer", "respond-async")
                .expect(409);

        assertThat(answer.text("code")).isEqualTo("operation_in_progress");
        assertThat(answer.headers().firstValue("Location")).contains("/operations/" + claim.operation());
        assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(500L, 600L);
        assertThat(asynchronous.text("code")).isEqualTo("operation_in_progress");
        api.get("/operations/" + claim.operation()).expect(404);
    }

    @Test
    void whatWasGivenBackIsPublishedAtOnce() {
        var instance = guests.newStandby();
        var claim = claim(instance, now(), now().plusSeconds(600));
        keys.giveBack(claim).await().atMost(LIMIT);

        var accepted = api.post(path(instance), BODY, "Idempotency-Key", key, "Prefer", "respond-async")
                .expect(202);

        assertThat(accepted.id()).isEqualTo(claim.operation().value());
        assertThat(accepted.headers().firstValue("Idempotency-Replayed")).contains("true");
    }

    @Test
    void aKeyThatHasExpiredStandsForNothing() {
        var instance = guests.newStandby();
        var claim = claim(instance, now().minus(Duration.ofHours(25)), now().minus(Duration.ofHours(25)));

        var other = api.post(path(instance), "{\"kind\":\"Standby\",\"name\":\"other\"}", "Idempotency-Key", key)
                .expect(201);

        assertThat(other.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(other.id())
                .isNotEqualTo(((Command.CreateSnapshot) claim.envelope().command())
                        .snapshot()
                        .value());
    }

    @Test
    void expiredKeysAreRemovedAndOthersStay() {
        var instance = guests.newStandby();
        var old = claim(instance, now().minus(Duration.ofHours(25)), now());
        var kept = new Claim(
                new IdempotencyKey(old.key().caller(), newId()),
                old.request(),
                new CommandEnvelope(
                        new OperationId(newId()),
                        now().minus(Duration.ofHours(23)),
                        old.envelope().command()),
                now());
        keys.claim(kept, Instant.EPOCH).await().atMost(LIMIT);

        expiry.forgetExpired().await().atMost(LIMIT);

        assertThat(keys.find(old.key(), Instant.EPOCH).await().atMost(LIMIT)).isEmpty();
        assertThat(keys.find(kept.key(), Instant.EPOCH).await().atMost(LIMIT)).isPresent();
    }
}
