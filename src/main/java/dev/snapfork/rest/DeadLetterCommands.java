package dev.snapfork.rest;

import dev.snapfork.deadletter.LetterPublisher;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.ApiError;
import dev.snapfork.platform.Scope;
import dev.snapfork.view.DeadLetterViews;
import dev.snapfork.view.ListedLetter;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What can be done about dead letters. Answers when the list shows it, or after a while without. */
@Path("/dead-letters")
class DeadLetterCommands {
    private static final Logger LOG = Logger.getLogger(DeadLetterCommands.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final int LOOKS = 100;

    private final DeadLetterViews letters;
    private final LetterPublisher publisher;
    private final LetterRetries retries;
    private final RequestBodies bodies;
    private final Harmless harmless;

    DeadLetterCommands(
            DeadLetterViews letters,
            LetterPublisher publisher,
            LetterRetries retries,
            RequestBodies bodies,
            Harmless harmless) {
        this.letters = letters;
        this.publisher = publisher;
        this.retries = retries;
        this.bodies = bodies;
        this.harmless = harmless;
    }

    @POST
    @Path("/{id}/retry")
    @Scope("dead-letter:write")
    public Uni<Response> retry(@PathParam("id") String id, @BeanParam Asked asked, byte @Nullable [] body) {
        return harmless.answer(asked.manner(body), () -> retry(id, asked.contentType, body));
    }

    private Uni<Response> retry(String id, @Nullable String contentType, byte @Nullable [] body) {
        var request = bodies.read("RetryDeadLetterRequest", body, contentType, RetryDeadLetterRequest.class);
        return existing(id)
                .chain(letter -> retries.retry(letter, request.again()))
                .call(retried -> shown(id, found -> found.filter(now -> now.retries() >= retried.retries())
                        .isPresent()))
                .map(DeadLetterCommands::accepted)
                .onFailure(DeadLetterCommands::isKafkas)
                .recoverWithItem(failure -> unavailable(id, failure));
    }

    @DELETE
    @Path("/{id}")
    @Scope("dead-letter:delete")
    public Uni<Response> discard(@PathParam("id") String id) {
        return existing(id)
                .chain(letter -> publisher.markDiscarded(id).onFailure().transform(LetterRetries.NotPublished::new))
                .chain(() -> shown(id, Optional::isEmpty))
                .map(done -> Answers.noContent())
                .onFailure(DeadLetterCommands::isKafkas)
                .recoverWithItem(failure -> unavailable(id, failure));
    }

    private Uni<ListedLetter> existing(String id) {
        return letters.find(id)
                .map(found -> found.orElseThrow(
                        () -> new RefusedException(Refusal.notFound("dead letter not found: " + id))));
    }

    /** Waits for the projection; if that takes too long, what was done shows later. */
    private Uni<Void> shown(String id, Predicate<Optional<ListedLetter>> enough) {
        return shown(id, enough, LOOKS);
    }

    private Uni<Void> shown(String id, Predicate<Optional<ListedLetter>> enough, int looks) {
        return letters.find(id)
                .chain(found -> looks == 0 || enough.test(found)
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom()
                                .voidItem()
                                .onItem()
                                .delayIt()
                                .by(LOOK_EVERY)
                                .chain(() -> shown(id, enough, looks - 1)));
    }

    private static Response accepted(ListedLetter letter) {
        var answer = Response.accepted(WireJson.text(letter)).type(MediaType.APPLICATION_JSON);
        return letter.retryOperationId() == null
                ? answer.build()
                : answer.header(HttpHeaders.LOCATION, "/operations/" + letter.retryOperationId())
                        .build();
    }

    private static boolean isKafkas(Throwable failure) {
        return failure instanceof LetterRetries.NotPublished;
    }

    private static Response unavailable(String id, Throwable failure) {
        LOG.warnf("the log did not confirm what was done about letter=%s reason=%s", id, failure.getMessage());
        return ApiError.of("unavailable", "the log did not confirm it; doing it again does no harm")
                .response(503)
                .header("Retry-After", "2")
                .build();
    }
}
