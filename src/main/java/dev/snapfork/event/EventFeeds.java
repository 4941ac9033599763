package dev.snapfork.event;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/** Opens the event log for those who follow it. How many read its past at once is bounded, as each of them is a client of Kafka's. */
@ApplicationScoped
public class EventFeeds {
    /** Who reads the past of the log at once. */
    public static final int MOST_IN_THE_PAST = 16;

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final EventTail tail;
    private final Semaphore past = new Semaphore(MOST_IN_THE_PAST);

    EventFeeds(EventTail tail) {
        this.tail = tail;
    }

    /** Where somebody begins. */
    public sealed interface Start {
        /** With what comes next. */
        record Now() implements Start {}

        /** Where somebody was. */
        record At(LogPosition position) implements Start {}

        /** With the first event of that time. */
        record Since(Instant time) implements Start {}
    }

    /** As many read the past of the log as may. */
    public static final class CrowdedException extends Exception {
        private static final long serialVersionUID = 1L;

        CrowdedException() {
            super(MOST_IN_THE_PAST + " clients read what was before at once");
        }
    }

    /**
     * Opens a feed, which is the caller's to close.
     *
     * @param ends whether it is over where the log ends now
     * @throws TimeoutException if Kafka does not answer in time
     * @throws CrowdedException if too many read the past at once
     */
    public EventFeed open(Start start, EventFilter filter, boolean ends)
            throws InterruptedException, TimeoutException, CrowdedException {
        if (start instanceof Start.Now) {
            return new EventFeed(tail, filter, null, ends);
        }
        if (!past.tryAcquire()) {
            throw new CrowdedException();
        }
        var consumer = connected();
        try {
            seek(consumer, start);
            return new EventFeed(tail, filter, consumer, ends);
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            consumer.close();
            throw late();
        } catch (InterruptedException | TimeoutException | RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private LogConsumer connected() throws TimeoutException {
        try {
            return new LogConsumer(tail.kafka(), "snapfork-event-history", LIMIT, past::release);
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw late();
        }
    }

    private static TimeoutException late() {
        return new TimeoutException("Kafka did not answer within " + LIMIT);
    }

    private static void seek(LogConsumer consumer, Start start) throws InterruptedException {
        switch (start) {
            case Start.Now() -> consumer.seekToEnd();
            case Start.At(var position) -> consumer.seekBack(position);
            case Start.Since(var time) -> consumer.seek(time);
        }
    }
}
