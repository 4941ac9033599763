package dev.snapfork.event;

import dev.snapfork.log.Topics;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The growing end of the event log, read once for everybody in this process who follows it. It is read while somebody does, and a little
 * longer.
 */
@ApplicationScoped
public class EventTail {
    private static final Logger LOG = Logger.getLogger(EventTail.class);
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final long REST_MILLIS = 1000;

    private final Map<String, Object> kafka;
    private final List<Follower> followers = new ArrayList<>();
    private long @Nullable [] next;
    private @Nullable Thread reader;
    private long idleSince;
    private boolean stopping;

    EventTail(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.kafka = kafka;
    }

    /** Is told of every record, tombstones as well, in the order of its partition; must not block. */
    interface Follower {
        void hear(ConsumerRecord<byte[], byte[]> record);
    }

    Map<String, Object> kafka() {
        return kafka;
    }

    /**
     * Has somebody told of what comes from now on.
     *
     * @return where that begins
     * @throws TimeoutException if Kafka does not say in time where the log ends
     */
    synchronized LogPosition follow(Follower follower) throws InterruptedException, TimeoutException {
        if (reader == null && !stopping) {
            idleSince = System.nanoTime();
            reader = Thread.ofPlatform().daemon().name("event-tail").start(this::read);
        }
        var end = System.nanoTime() + OPEN_LIMIT.toNanos();
        while (next == null) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0 || stopping) {
                throw new TimeoutException("Kafka did not say within " + OPEN_LIMIT + " where the event log ends");
            }
            wait(left);
        }
        followers.add(follower);
        return LogPosition.of(next);
    }

    synchronized void leave(Follower follower) {
        followers.remove(follower);
        idleSince = System.nanoTime();
    }

    /** Where the log has been read to. */
    synchronized LogPosition position() {
        return next == null ? LogPosition.beginning() : LogPosition.of(next);
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        stopping = true;
        notifyAll();
        if (reader != null) {
            reader.interrupt();
        }
    }

    private void read() {
        while (isWanted()) {
            try (var consumer = new LogConsumer(kafka, "snapfork-event-tail", OPEN_LIMIT, () -> {})) {
                begin(consumer);
                while (isWanted()) {
                    consumer.poll(POLL).forEach(this::told);
                    moreRoom(consumer.grown());
                }
            } catch (RuntimeException e) {
                if (Thread.interrupted()) {
                    LOG.debug("the tail of the event log is not read any more", e);
                } else {
                    LOG.warnf("the event log cannot be followed, trying again: %s", e.toString());
                    rest();
                }
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(REST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** At the end; after a failure where it was, so that nobody misses anything. */
    private void begin(LogConsumer consumer) {
        var known = position();
        if (known.offsets(0).length == 0) {
            consumer.seekToEnd();
            begun(consumer.positions());
        } else {
            consumer.seek(known);
        }
    }

    private synchronized void begun(long[] positions) {
        next = positions;
        notifyAll();
    }

    private synchronized void moreRoom(int partitions) {
        if (next != null && partitions > next.length) {
            next = Arrays.copyOf(next, partitions);
        }
    }

    private synchronized void told(ConsumerRecord<byte[], byte[]> record) {
        if (next != null) {
            next[record.partition()] = record.offset() + 1;
            followers.forEach(follower -> follower.hear(record));
        }
    }

    private synchronized boolean isWanted() {
        var wanted = !stopping && (!followers.isEmpty() || System.nanoTime() - idleSince < IDLE.toNanos());
        if (!wanted) {
            reader = null;
            next = null;
        }
        return wanted;
    }

    /** The topic, for those who name its partitions. */
    static TopicPartition partition(int number) {
        return new TopicPartition(Topics.EVENTS, number);
    }
}
