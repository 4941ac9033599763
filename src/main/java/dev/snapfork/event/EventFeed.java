package dev.snapfork.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The event log for one who follows it: first what is there since some place, then what comes. Events of one aggregate come in order and
 * without gaps; one may come twice if the log was made anew. For one thread; what it holds is bounded.
 */
public final class EventFeed implements AutoCloseable {
    /** Records that wait for one who is slow. */
    static final int MOST_WAITING = 1024;

    private static final Duration POLL = Duration.ofMillis(100);

    private final EventTail tail;
    private final EventFilter filter;
    private final boolean ends;
    private final EventTail.Follower follower = this::hear;
    private final Queue<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private boolean overrun;
    private @Nullable LogConsumer past;
    private Iterator<ConsumerRecord<byte[], byte[]>> read =
            List.<ConsumerRecord<byte[], byte[]>>of().iterator();
    private LogPosition target;
    private long[] position;
    /** Where the past was left: what the tail tells from the target up to there has been read. */
    private long[] left = {};

    /**
     * What comes next.
     *
     * @param id where the log goes on after it, for {@link LogPosition#parse}
     * @param type null if there is no event, but only a further place
     * @param json the event; null likewise
     */
    public record Entry(
            String id, @Nullable EventType type, @Nullable String json) {}

    /** The one who follows is so slow that too much waits for it. */
    public static final class TooSlowException extends Exception {
        private static final long serialVersionUID = 1L;

        TooSlowException() {
            super("more than " + MOST_WAITING + " events waited to be read");
        }
    }

    /**
     * Opens the log.
     *
     * @param past at the place to begin with; closed with the feed; null to begin now
     * @param ends whether it is over where the log ends now
     * @throws TimeoutException if Kafka does not answer in time
     */
    EventFeed(EventTail tail, EventFilter filter, @Nullable LogConsumer past, boolean ends)
            throws InterruptedException, TimeoutException {
        this.tail = tail;
        this.filter = filter;
        this.past = past;
        this.ends = ends;
        this.target = tail.follow(follower);
        this.position = past == null ? target.offsets(0) : past.positions();
    }

    private synchronized void hear(ConsumerRecord<byte[], byte[]> record) {
        if (waiting.size() < MOST_WAITING && !overrun) {
            waiting.add(record);
            notifyAll();
        } else {
            overrun = true;
        }
    }

    /** Where it is, for one who comes back. */
    public String id() {
        return LogPosition.of(position).toString();
    }

    /**
     * Waits for the next event that is wanted.
     *
     * @param wait after which there is an entry without one
     * @return null if it is over
     * @throws TooSlowException once everything that could be kept was read
     */
    public @Nullable Entry next(Duration wait) throws InterruptedException, TooSlowException {
        var end = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() - end < 0) {
            var record = past == null ? fromTail(end) : fromPast(past);
            if (record == null && past == null && ends) {
                return null;
            }
            if (record != null) {
                advance(record);
                var event = LoggedEvent.of(record).filter(filter::wants);
                if (event.isPresent()) {
                    return new Entry(id(), event.get().type(), event.get().json());
                }
            }
        }
        return new Entry(id(), null, null);
    }

    private void advance(ConsumerRecord<byte[], byte[]> record) {
        if (record.partition() >= position.length) {
            position = LogPosition.of(position).offsets(record.partition() + 1);
        }
        position[record.partition()] = record.offset() + 1;
    }

    private @Nullable ConsumerRecord<byte[], byte[]> fromPast(LogConsumer consumer) {
        if (!read.hasNext()) {
            read = consumer.poll(POLL).iterator();
        }
        if (read.hasNext()) {
            return read.next();
        }
        position = consumer.positions();
        if (hasReached(target) && !targetHasMoved()) {
            consumer.close();
            past = null;
            left = position.clone();
        }
        return null;
    }

    private boolean hasReached(LogPosition place) {
        for (var partition = 0; partition < position.length; partition++) {
            if (position[partition] < place.offset(partition)) {
                return false;
            }
        }
        return true;
    }

    /** What could not be kept meanwhile is in the log as well: it is read there. */
    private synchronized boolean targetHasMoved() {
        if (!overrun || ends) {
            return false;
        }
        overrun = false;
        waiting.clear();
        target = tail.position();
        return true;
    }

    private synchronized @Nullable ConsumerRecord<byte[], byte[]> fromTail(long end)
            throws InterruptedException, TooSlowException {
        while (!ends) {
            var record = waiting.poll();
            if (record != null) {
                if (!wasRead(record)) {
                    return record;
                }
                continue;
            }
            if (overrun) {
                throw new TooSlowException();
            }
            var millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return null;
            }
            wait(millis);
        }
        return null;
    }

    /** Not to be asked of a partition again once it was not so: a topic that is made anew begins at 0. */
    private boolean wasRead(ConsumerRecord<byte[], byte[]> record) {
        var partition = record.partition();
        if (partition >= left.length) {
            return false;
        }
        var was = record.offset() < left[partition] && record.offset() >= target.offset(partition);
        if (!was) {
            left[partition] = 0;
        }
        return was;
    }

    @Override
    public void close() {
        tail.leave(follower);
        if (past != null) {
            past.close();
            past = null;
        }
    }
}
