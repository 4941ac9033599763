package dev.snapfork.rest;

import dev.snapfork.deadletter.DeadLetter;
import dev.snapfork.deadletter.LetterCodec;
import dev.snapfork.deadletter.LetterPublisher;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventCodec;
import dev.snapfork.log.Topics;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.view.LastKnown;
import dev.snapfork.view.ListedLetter;
import dev.snapfork.view.OperationViews;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Publishes dead letters again where they came from, key and value as they were.
 *
 * <p>A command whose operation has failed stays failed, as every command settles once. Its retry is a new command with an operation of
 * its own, whose id follows from letter and attempt: whoever retries at the same time, or again after a failure, asks for one and the same.
 *
 * <p>An event goes back only while it is the newest of its aggregate: the log's compaction keeps what came last.
 */
@ApplicationScoped
class LetterRetries {
    private static final Set<String> RETURN_TO =
            Set.of(Topics.COMMANDS, Topics.COMPRESSIONS, Topics.VERIFICATIONS, Topics.EVENTS, Topics.PROGRESS);
    private static final String COMMAND_ID = "ce_id";
    private static final String TIME = "ce_time";
    private static final String RETRY_OF = "ce_retryof";

    private final LetterPublisher publisher;
    private final LastKnown lastKnown;
    private final OperationViews operations;
    private final Clock clock;

    LetterRetries(LetterPublisher publisher, LastKnown lastKnown, OperationViews operations, Clock clock) {
        this.publisher = publisher;
        this.lastKnown = lastKnown;
        this.operations = operations;
        this.clock = clock;
    }

    /** Kafka did not confirm it. */
    static final class NotPublished extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotPublished(Throwable cause) {
            super(cause.toString(), cause, false, false);
        }
    }

    /**
     * Publishes the letter, then notes that.
     *
     * @param again whether it shall be published though that was done before
     * @return the letter as the list will show it; fails with a {@link RefusedException} or {@link NotPublished}
     */
    Uni<ListedLetter> retry(ListedLetter listed, boolean again) {
        var letter = listed.letter();
        refuseIfPointless(listed, again);
        var attempt = listed.retries() + 1;
        var headers = LetterCodec.headers(Objects.requireNonNull(letter.content()));
        var operation = Topics.OF_COMMANDS.contains(letter.topic()) && letter.operationId() != null
                ? renewed(headers, letter, attempt)
                : null;
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return requireNewest(letter, headers)
                .chain(() -> publisher
                        .republish(letter, headers)
                        .chain(() -> publisher.markRetried(letter.id(), attempt, operation))
                        .onFailure()
                        .transform(NotPublished::new))
                .map(done -> new ListedLetter(letter, ListedLetter.State.RETRIED, attempt, now, operation));
    }

    private static void refuseIfPointless(ListedLetter listed, boolean again) {
        var letter = listed.letter();
        if (listed.state() == ListedLetter.State.RETRIED && !again) {
            throw conflict("letter " + letter.id() + " was published again before"
                    + (listed.retryOperationId() == null ? "" : ", as operation " + listed.retryOperationId())
                    + ": send {\"again\":true} to do so once more");
        }
        if (letter.content() == null || letter.content().omitted()) {
            throw conflict("letter " + letter.id() + " was too large to be kept whole: publish it from "
                    + letter.topic() + ", partition " + letter.partition() + ", offset " + letter.offset());
        }
        if (!RETURN_TO.contains(letter.topic())) {
            throw conflict("letter " + letter.id() + " came from no topic of the service: " + letter.topic());
        }
    }

    /** Gives the command an operation of its own. */
    private String renewed(Headers headers, DeadLetter letter, int attempt) {
        var operation = Cuid.derived("retry " + attempt + " of dead letter " + letter.id());
        replace(headers, COMMAND_ID, operation);
        replace(headers, TIME, clock.instant().truncatedTo(ChronoUnit.MICROS).toString());
        replace(headers, RETRY_OF, letter.id());
        return operation;
    }

    private static void replace(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private Uni<Void> requireNewest(DeadLetter letter, Headers headers) {
        if (!letter.topic().equals(Topics.EVENTS)) {
            return Uni.createFrom().voidItem();
        }
        var event = event(letter, headers);
        Uni<Boolean> newest = event instanceof Event.OperationSettled end
                ? operations
                        .find(end.outcome().id().value())
                        .map(found -> found.isEmpty()
                                || !found.get().operation().status().settled())
                : lastKnown.version(event.aggregateId()).map(version -> version < event.sequence());
        return newest.invoke(is -> {
                    if (!is) {
                        throw conflict("the read model has this event, or a newer one, of " + event.aggregateId()
                                + ": publishing it again would make it the log's last word");
                    }
                })
                .replaceWithVoid();
    }

    private static Event event(DeadLetter letter, Headers headers) {
        var value = letter.content() == null ? null : letter.content().value();
        try {
            if (value == null) {
                throw new UnreadableRecordException("an event without a value");
            }
            return EventCodec.decode(headers, value.bytes());
        } catch (RuntimeException e) {
            throw conflict("this version cannot read the event either: retry it with one that can. " + reason(e));
        }
    }

    private static String reason(RuntimeException e) {
        @Nullable String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    private static RefusedException conflict(String message) {
        return new RefusedException(Refusal.conflict(message));
    }
}
