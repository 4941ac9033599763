package dev.snapfork.rest;

import dev.snapfork.command.Command;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.rest.Asked.Manner;
import dev.snapfork.rest.Unanswered.Reason;
import dev.snapfork.view.OperationLookup;
import dev.snapfork.view.OperationViews.Result;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers requests that have a key: the first makes a command, each further one is answered with what came of that. The key is
 * claimed, with the whole command, before the command is published. So whatever dies in between, the next request with that key
 * publishes the very same command, which the workers do once however often it comes.
 */
@ApplicationScoped
class Repeats {
    private static final Duration DATABASE_LIMIT = Duration.ofSeconds(5);

    private final IdempotencyKeys keys;
    private final Publishing publishing;
    private final OperationLookup operations;
    private final Clock clock;
    private final Duration keep;

    Repeats(
            IdempotencyKeys keys,
            Publishing publishing,
            OperationLookup operations,
            Clock clock,
            SnapforkConfig config) {
        this.keys = keys;
        this.publishing = publishing;
        this.operations = operations;
        this.clock = clock;
        this.keep = keep(config);
    }

    /** A command that comes again after its end has been forgotten would be done again. */
    static Duration keep(SnapforkConfig config) {
        var wanted = config.idempotency().keep();
        var commands = config.topics().commandRetention();
        return wanted.compareTo(commands) < 0 ? wanted : commands;
    }

    /**
     * Answers the request.
     *
     * @param decide makes the command, or refuses to; called only if no earlier request with the key made one
     */
    Uni<Response> answer(
            IdempotencyKey key, Manner manner, Function<Result, Response> success, Supplier<Uni<Command>> decide) {
        return reached(keys.find(key, since()))
                .chain(found -> found.map(claim -> again(claim, manner, success))
                        .orElseGet(() -> decide.get().chain(command -> first(key, command, manner, success))))
                .onFailure(KeyTakenException.class)
                .recoverWithItem(() -> Answers.keyReused(key));
    }

    private Uni<Response> first(
            IdempotencyKey key, Command command, Manner manner, Function<Result, Response> success) {
        var envelope = publishing.envelope(command);
        var wanted =
                new Claim(key, manner.digest(), envelope, envelope.issuedAt().plus(Publishing.LIMIT));
        return reached(keys.claim(wanted, since()))
                .chain(standing -> standing.operation().equals(envelope.id())
                        ? publish(standing, manner, success)
                        : again(standing, manner, success));
    }

    private Uni<Response> again(Claim claim, Manner manner, Function<Result, Response> success) {
        if (!claim.request().equals(manner.digest())) {
            return Uni.createFrom().item(Answers.keyReused(claim.key()));
        }
        return reached(operations.find(claim.operation()))
                .chain(known -> known.map(result -> Uni.createFrom().item(ofKnown(result, claim, manner, success)))
                        .orElseGet(() -> ofUnknown(claim, manner, success)));
    }

    private static Response ofKnown(Result result, Claim claim, Manner manner, Function<Result, Response> success) {
        if (manner.async()) {
            return Answers.replayed(Answers.accepted(claim.envelope().accepted()));
        }
        return result.operation().status().settled()
                ? Answers.replayed(Answers.settled(result, success))
                : Answers.inProgress(claim.operation(), Duration.ofSeconds(1));
    }

    /** Its publisher is at it, or died over it; who is to know. When its time is over, the next one publishes. */
    private Uni<Response> ofUnknown(Claim claim, Manner manner, Function<Result, Response> success) {
        var now = clock.instant();
        return reached(keys.takeOver(claim, now, now.plus(Publishing.LIMIT)))
                .chain(ours -> ours
                        ? publish(claim, manner, success).map(Answers::replayed)
                        : Uni.createFrom()
                                .item(Answers.inProgress(
                                        claim.operation(), Duration.between(now, claim.publishUntil()))));
    }

    private Uni<Response> publish(Claim claim, Manner manner, Function<Result, Response> success) {
        return publishing
                .answer(claim.envelope(), manner.async(), success)
                .onFailure(Repeats::isUnconfirmed)
                .call(() -> reached(keys.giveBack(claim)).onFailure().recoverWithNull());
    }

    private static boolean isUnconfirmed(Throwable failure) {
        return failure instanceof Unanswered unanswered && unanswered.reason() == Reason.UNCONFIRMED;
    }

    private Instant since() {
        return clock.instant().minus(keep);
    }

    /** Waits for the database, for a bounded time. */
    static <T> Uni<T> reached(Uni<T> attempt) {
        return attempt.ifNoItem()
                .after(DATABASE_LIMIT)
                .fail()
                .onFailure(failure -> !(failure instanceof KeyTakenException))
                .transform(failure -> new Unanswered(
                        Reason.AWAY,
                        null,
                        "the database did not answer, which knows what the " + IdempotencyKey.HEADER
                                + " stands for: send it again later, nothing was done"));
    }
}
