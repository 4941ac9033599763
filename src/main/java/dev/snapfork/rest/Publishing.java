package dev.snapfork.rest;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.CommandPublisher;
import dev.snapfork.operation.OperationId;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.rest.Unanswered.Reason;
import dev.snapfork.trace.LogLabels;
import dev.snapfork.trace.Traces;
import dev.snapfork.view.OperationViews.Result;
import dev.snapfork.view.OperationWaits;
import dev.snapfork.view.ReadModelBatch;
import dev.snapfork.view.ReadModelWriter;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Publishes a command and answers when it has settled, or as soon as it can be read if the caller prefers that. */
@ApplicationScoped
class Publishing {
    /** Longer than the producer tries; what it has not said by then is not known. */
    static final Duration LIMIT = Duration.ofSeconds(16);

    private static final Logger LOG = Logger.getLogger(Publishing.class);
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(5);
    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);

    private final CommandPublisher commands;
    private final OperationWaits waits;
    private final OpenOperations open;
    private final ReadModelWriter model;
    private final Ids ids;
    private final Clock clock;
    private final Traces traces;
    private final Duration waitLimit;

    Publishing(
            CommandPublisher commands,
            OperationWaits waits,
            OpenOperations open,
            ReadModelWriter model,
            Ids ids,
            Clock clock,
            Traces traces,
            SnapforkConfig config) {
        this.commands = commands;
        this.waits = waits;
        this.open = open;
        this.model = model;
        this.ids = ids;
        this.clock = clock;
        this.traces = traces;
        this.waitLimit = config.answer().waitLimit();
    }

    /** Gives a new command its id and time. */
    CommandEnvelope envelope(Command command) {
        return new CommandEnvelope(ids.operation(), clock.instant().truncatedTo(ChronoUnit.MICROS), command);
    }

    /**
     * Publishes the command and answers.
     *
     * @param async whether to answer without waiting for the end
     * @param success the answer when the command has succeeded
     * @return fails with {@link Unanswered} if the command was not confirmed or the process stops
     */
    Uni<Response> answer(CommandEnvelope envelope, boolean async, Function<Result, Response> success) {
        var id = envelope.id();
        LogLabels.isAbout(id.value());
        // asked more than once it is published once
        var published = publish(envelope).memoize().indefinitely();
        Uni<Response> answer = async
                ? waits.untilKnown(id.value(), published, KNOWN_WITHIN)
                        .map(known -> Answers.accepted(envelope.accepted()))
                : waits.untilSettled(id.value(), published, waitLimit).map(result -> Answers.settled(result, success));
        var awaited = traces.awaits(id.value());
        return awaited.until(answer.onFailure(TimeoutException.class)
                // an answer that speaks of a command in the log is not given before it is there
                .recoverWithUni(() -> published.chain(() -> late(envelope, async)))
                .onFailure(OperationWaits.StoppingException.class)
                .transform(stopping -> new Unanswered(
                        Reason.STOPPED_WAITING,
                        id,
                        "this process stops: follow the operation at " + Answers.location(id))));
    }

    /**
     * Answers although no projection has shown the operation, or its end, in time. An answer that says where the operation is to be
     * seen is given when it is: what a projection would write of a command that was accepted follows from the command. While
     * PostgreSQL is away nothing can be seen, and nobody is told that it can.
     */
    private Uni<Response> late(CommandEnvelope envelope, boolean async) {
        var batch = new ReadModelBatch();
        batch.operation(envelope.accepted(), null, null);
        var shown = Uni.createFrom()
                .deferred(() -> model.apply(batch))
                .ifNoItem()
                .after(SHOWN_WITHIN)
                .fail()
                .onFailure()
                .retry()
                .withBackOff(RETRY, LONGEST_RETRY)
                .expireIn(async ? waitLimit.toMillis() : SHOWN_WITHIN.toMillis());
        return shown.map(done -> async ? Answers.accepted(envelope.accepted()) : Answers.timeout(envelope.id()))
                .onFailure()
                .invoke(failure ->
                        LOG.warnf("not to be seen yet: operation=%s reason=%s", envelope.id(), failure.toString()))
                .onFailure()
                .recoverWithItem(() -> Answers.timeout(envelope.id()));
    }

    private Uni<Void> publish(CommandEnvelope envelope) {
        return commands.publish(envelope)
                .invoke(() -> open.published(envelope.id()))
                .ifNoItem()
                .after(LIMIT)
                .fail()
                .onFailure()
                .transform(failure -> unconfirmed(envelope.id(), failure));
    }

    private static Unanswered unconfirmed(OperationId id, Throwable failure) {
        LOG.warnf("the command log did not confirm operation=%s reason=%s", id, failure.toString());
        return new Unanswered(
                Reason.UNCONFIRMED,
                id,
                "the command log did not confirm the command; if it arrived all the same it shows at "
                        + Answers.location(id));
    }
}
