package dev.snapfork.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.environment.OwnSchema;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.Configured;
import dev.snapfork.rest.Asked.Manner;
import dev.snapfork.rest.KeptAnswers.Standing;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a table of its own. */
class KeptAnswersTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant T = Instant.parse("2026-02-03T04:05:06.123456Z");
    private static final Instant NEVER = Instant.EPOCH;
    private static final IdempotencyKey KEY = new IdempotencyKey("caller", "key");
    private static final String REQUEST = "digest";

    @SuppressWarnings("NullAway.Init") // made before each test
    private OwnSchema schema;

    @SuppressWarnings("NullAway.Init")
    private KeptAnswers answers;

    @BeforeEach
    void makeTheTable() throws IOException {
        schema = new OwnSchema("V3__idempotency_keys.sql", "V3.2__answers_without_commands.sql");
        answers = new KeptAnswers(schema.pool());
    }

    @AfterEach
    void dropTheTable() {
        schema.close();
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }

    private Standing claimAt(Instant now) {
        return get(answers.claim(KEY, REQUEST, now, now.plusSeconds(16), NEVER));
    }

    private static Response answer(String body) {
        return Response.status(202)
                .header("Location", "/operations/x")
                .entity(body)
                .build();
    }

    private static String bodyOf(Standing standing) {
        assertThat(standing).isInstanceOf(Standing.Answered.class);
        return String.valueOf(((Standing.Answered) standing).answer().getEntity());
    }

    @Test
    void anAnswerIsKeptToTheLastCharacter() {
        var body = "{ \"b\" : 1,\n\"a\":\"\\u00e4 \u00fc\"}";
        assertThat(claimAt(T)).isInstanceOf(Standing.Ours.class);
        get(answers.keep(KEY, REQUEST, T, answer(body)));

        var standing = claimAt(T.plusSeconds(3600));

        assertThat(bodyOf(standing)).isEqualTo(body);
        var kept = ((Standing.Answered) standing).answer();
        assertThat(kept.getStatus()).isEqualTo(202);
        assertThat(kept.getHeaderString("Location")).isEqualTo("/operations/x");
    }

    @Test
    void whatAProcessDiedOverIsDoneByTheNextAndItsAnswerStands() {
        claimAt(T);

        assertThat(claimAt(T.plusSeconds(15))).isEqualTo(new Standing.InWork(Duration.ofSeconds(1)));
        assertThat(claimAt(T.plusSeconds(16))).isInstanceOf(Standing.Ours.class);

        // the first was only slow
        get(answers.keep(KEY, REQUEST, T, answer("late")));
        get(answers.giveBack(KEY, REQUEST, T));
        assertThat(claimAt(T.plusSeconds(17))).isInstanceOf(Standing.InWork.class);
        get(answers.keep(KEY, REQUEST, T.plusSeconds(16), answer("second")));
        assertThat(bodyOf(claimAt(T.plusSeconds(18)))).isEqualTo("second");
    }

    @Test
    void anotherRequestIsNotAnsweredHoweverLongTheFirstTakes() {
        claimAt(T);

        var other = get(answers.claim(KEY, "other", T.plusSeconds(60), T.plusSeconds(76), NEVER));

        assertThat(other).isInstanceOf(Standing.Others.class);
    }

    @Test
    void anExpiredAnswerStandsInNobodysWay() {
        claimAt(T);
        get(answers.keep(KEY, REQUEST, T, answer("old")));
        var later = T.plusSeconds(86_401);

        var standing = get(answers.claim(KEY, "other", later, later.plusSeconds(16), later.minusSeconds(86_400)));

        assertThat(standing).isInstanceOf(Standing.Ours.class);
    }

    @Test
    void whatWasRefusedOrFailedIsDoneAnewAndWhatSucceededIsNot() {
        Queue<Uni<Response>> outcomes = new ArrayDeque<>(List.of(
                Uni.createFrom().failure(new RefusedException(Refusal.notFound("nothing"))),
                Uni.createFrom().item(Answers.timeout(new OperationId("o".repeat(24)))),
                Uni.createFrom().item(answer("done"))));
        var harmless = new Harmless(answers, Clock.fixed(T, ZoneOffset.UTC), Configured.with(Map.of()));
        var manner = new Manner(false, Optional.of(KEY), REQUEST);

        assertThatThrownBy(() -> get(harmless.answer(manner, outcomes::remove))).isInstanceOf(RefusedException.class);
        assertThat(get(harmless.answer(manner, outcomes::remove)).getStatus()).isEqualTo(504);
        assertThat(get(harmless.answer(manner, outcomes::remove)).getEntity()).isEqualTo("done");
        var again = get(harmless.answer(manner, outcomes::remove));

        assertThat(again.getEntity()).isEqualTo("done");
        assertThat(again.getHeaderString("Idempotency-Replayed")).isEqualTo("true");
    }
}
