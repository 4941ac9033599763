package dev.snapfork.rest;

import dev.snapfork.command.Command;
import dev.snapfork.rest.Asked.Manner;
import dev.snapfork.rest.Unanswered.Reason;
import dev.snapfork.view.OperationViews.Result;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes calls into commands and commands into answers, as many at once as may be. */
@ApplicationScoped
class Calls {
    private static final Duration DECIDE_LIMIT = Duration.ofSeconds(5);

    private final Admission admission;
    private final Publishing publishing;
    private final Repeats repeats;

    Calls(Admission admission, Publishing publishing, Repeats repeats) {
        this.admission = admission;
        this.publishing = publishing;
        this.repeats = repeats;
    }

    /**
     * A call that says by its method that sending it again is safe.
     *
     * @param prefer the request's {@code Prefer} header
     * @param success the answer when the command has succeeded
     * @param decide makes the command, or fails with why there is to be none
     */
    Uni<Response> call(@Nullable String prefer, Function<Result, Response> success, Supplier<Uni<Command>> decide) {
        return call(Manner.plain(Preferences.async(prefer)), success, decide);
    }

    /**
     * A call that may have a key.
     *
     * @param success the answer when the command has succeeded
     * @param decide makes the command, or fails with why there is to be none; not asked if an earlier call with that key made one
     */
    Uni<Response> call(Manner manner, Function<Result, Response> success, Supplier<Uni<Command>> decide) {
        return admission
                .enter(() -> manner.key()
                        .map(key -> repeats.answer(key, manner, success, () -> inTime(decide)))
                        .orElseGet(() -> inTime(decide)
                                .chain(command ->
                                        publishing.answer(publishing.envelope(command), manner.async(), success))))
                .onFailure(Unanswered.class)
                .recoverWithItem(
                        failure -> Answers.unanswered(failure, manner.key().isPresent()));
    }

    private static Uni<Command> inTime(Supplier<Uni<Command>> decide) {
        return decide.get()
                .ifNoItem()
                .after(DECIDE_LIMIT)
                .failWith(() -> new Unanswered(
                        Reason.AWAY, null, "the database did not answer: send it again later, nothing was done"));
    }
}
