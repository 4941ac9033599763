package dev.snapfork.rest;

import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.rest.Asked.Manner;
import dev.snapfork.rest.KeptAnswers.Standing;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Answers requests that make no command and do no harm when they are done again. With a key, the answer of the first is kept and
 * given to the others. Where none was kept, since a process died over it, the next one is done anew.
 */
@ApplicationScoped
class Harmless {
    private static final Logger LOG = Logger.getLogger(Harmless.class);
    /** A request with an equal key may be done beside one that takes longer. */
    private static final Duration ALONE = Duration.ofSeconds(16);

    private final KeptAnswers answers;
    private final Clock clock;
    private final Duration keep;

    Harmless(KeptAnswers answers, Clock clock, SnapforkConfig config) {
        this.answers = answers;
        this.clock = clock;
        this.keep = Repeats.keep(config);
    }

    /**
     * Answers the request.
     *
     * @param action does it; its answer is kept if it is a success or 409, so refusals and failures use no key up
     */
    Uni<Response> answer(Manner manner, Supplier<Uni<Response>> action) {
        return manner.key()
                .map(key -> once(key, manner.digest(), action))
                .orElseGet(action)
                .onFailure(Unanswered.class)
                .recoverWithItem(failure -> Answers.unanswered(failure, true));
    }

    private Uni<Response> once(IdempotencyKey key, String request, Supplier<Uni<Response>> action) {
        return Uni.createFrom().deferred(() -> {
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            return Repeats.reached(answers.claim(key, request, now, now.plus(ALONE), now.minus(keep)))
                    .chain(standing -> switch (standing) {
                        case Standing.Ours() -> first(key, request, now, action);
                        case Standing.Others() -> Uni.createFrom().item(Answers.keyReused(key));
                        case Standing.InWork(var rest) -> Uni.createFrom().item(Answers.inProgress(rest));
                        case Standing.Answered(var answer) -> Uni.createFrom().item(Answers.replayed(answer));
                    });
        });
    }

    private Uni<Response> first(IdempotencyKey key, String request, Instant claimed, Supplier<Uni<Response>> action) {
        return Uni.createFrom()
                .<Response>deferred(action::get)
                .call(answer -> orLater(
                        isKept(answer)
                                ? answers.keep(key, request, claimed, answer)
                                : answers.giveBack(key, request, claimed)))
                .onFailure()
                .call(failure -> orLater(answers.giveBack(key, request, claimed)));
    }

    private static boolean isKept(Response answer) {
        return answer.getStatus() < 300 || answer.getStatus() == 409;
    }

    /** What is not on record is done anew by the next one. */
    private static Uni<Void> orLater(Uni<Void> record) {
        return Repeats.reached(record)
                .onFailure()
                .invoke(failure -> LOG.debugf("no answer was kept for a key: %s", failure.toString()))
                .onFailure()
                .recoverWithNull();
    }
}
