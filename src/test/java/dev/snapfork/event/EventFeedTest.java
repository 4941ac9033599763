package dev.snapfork.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.log.CloudEvent;
import jakarta.enterprise.inject.Vetoed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What one who follows the end of the log gets; its past is read in `EventStreamTest`. */
class EventFeedTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration AT_ONCE = Duration.ofMillis(20);
    private static final EventFilter ALL = new EventFilter(EnumSet.allOf(EventType.class), null);

    private final Told tail = new Told();

    /** A tail that tells what the test says. */
    @Vetoed
    private static final class Told extends EventTail {
        private final List<Follower> followers = new ArrayList<>();

        Told() {
            super(Map.of());
        }

        @Override
        synchronized LogPosition follow(Follower follower) {
            followers.add(follower);
            return LogPosition.of(new long[] {100, 100});
        }

        @Override
        synchronized void leave(Follower follower) {
            followers.remove(follower);
        }

        synchronized void tell(int partition, long offset, Headers headers, byte[] value) {
            var record = new ConsumerRecord<byte[], byte[]>(
                    "snapfork.events",
                    partition,
                    offset,
                    0,
                    TimestampType.CREATE_TIME,
                    1,
                    value.length,
                    new byte[] {'k'},
                    value,
                    headers,
                    Optional.empty());
            followers.forEach(follower -> follower.hear(record));
        }

        void tell(int partition, long offset, EventType type) {
            var event =
                    new CloudEvent("e" + offset, type.wireName(), "/test", "s", Instant.EPOCH, Map.of("sequence", "1"));
            tell(partition, offset, event.headers(), "{}".getBytes(StandardCharsets.UTF_8));
        }
    }

    private EventFeed feed(EventFilter filter) throws Exception {
        return new EventFeed(tail, filter, null, false);
    }

    private static String event(EventFeed feed) throws Exception {
        var entry = Objects.requireNonNull(feed.next(SOON));
        return String.valueOf(entry.json()).replaceFirst(".*\"id\":\"([^\"]*)\".*", "$1");
    }

    @Test
    void whatIsToldComesWithThePlaceBehindIt() throws Exception {
        try (var feed = feed(ALL)) {
            tail.tell(1, 100, EventType.SNAPSHOT_CREATED);

            var entry = Objects.requireNonNull(feed.next(SOON));

            assertThat(entry.type()).isEqualTo(EventType.SNAPSHOT_CREATED);
            assertThat(LogPosition.parse(entry.id()).offsets(0)).containsExactly(100, 101);
        }
    }

    @Test
    void whatIsNotWantedMovesThePlaceAllTheSame() throws Exception {
        try (var feed = feed(new EventFilter(EnumSet.of(EventType.SNAPSHOT_DELETED), null))) {
            tail.tell(0, 100, EventType.SNAPSHOT_CREATED);
            tail.tell(0, 101, new RecordHeaders(), "no event".getBytes(StandardCharsets.UTF_8));

            var entry = Objects.requireNonNull(feed.next(AT_ONCE));

            assertThat(entry.json()).isNull();
            assertThat(LogPosition.parse(entry.id()).offsets(0)).containsExactly(102, 100);
        }
    }

    @Test
    void whoIsTooSlowGetsWhatWasKeptAndIsThenTold() throws Exception {
        try (var feed = feed(ALL)) {
            for (var i = 0; i <= EventFeed.MOST_WAITING; i++) {
                tail.tell(0, 100 + i, EventType.SNAPSHOT_CREATED);
            }
            for (var i = 0; i < EventFeed.MOST_WAITING; i++) {
                assertThat(event(feed)).isEqualTo("e" + (100 + i));
            }

            assertThatThrownBy(() -> feed.next(SOON)).isInstanceOf(EventFeed.TooSlowException.class);
        }
    }

    @Test
    void aLogThatIsMadeAnewIsFollowedFromItsBeginning() throws Exception {
        try (var feed = feed(ALL)) {
            tail.tell(0, 100, EventType.SNAPSHOT_CREATED);
            tail.tell(0, 0, EventType.SNAPSHOT_CREATED);
            tail.tell(0, 1, EventType.SNAPSHOT_CREATED);

            assertThat(List.of(event(feed), event(feed), event(feed))).containsExactly("e100", "e0", "e1");
        }
    }

    @Test
    void aPartitionThatIsAddedIsFollowedToo() throws Exception {
        try (var feed = feed(ALL)) {
            tail.tell(5, 0, EventType.SNAPSHOT_CREATED);

            assertThat(event(feed)).isEqualTo("e0");
            assertThat(LogPosition.parse(feed.id()).offsets(0)).containsExactly(100, 100, 0, 0, 0, 1);
        }
    }

    @Test
    void whoLeavesIsToldNothingMore() throws Exception {
        var feed = feed(ALL);
        feed.close();

        assertThat(tail.followers).isEmpty();
    }
}
