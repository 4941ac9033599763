package dev.snapfork.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.view.ReadModelWriter;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CheckpointSeekerTest {
    private static final TopicPartition PARTITION = new TopicPartition("snapfork.events", 3);
    private static final TopicPartition FRESH = new TopicPartition("snapfork.events", 4);
    private static final long CHECKPOINT = 42;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    /** PostgreSQL, which is away when it is asked so many times. */
    @SuppressWarnings("NullAway") // nothing that is called here uses the pool
    private static final class Away extends ReadModelWriter {
        private final AtomicInteger left;

        Away(int times) {
            super(null);
            left = new AtomicInteger(times);
        }

        @Override
        public Uni<Map<Integer, Long>> checkpoints(String topic) {
            return left.getAndDecrement() > 0
                    ? Uni.createFrom().failure(new ConnectException("Connection refused"))
                    : Uni.createFrom().item(Map.of(PARTITION.partition(), CHECKPOINT));
        }
    }

    private void assign() {
        consumer.assign(List.of(PARTITION, FRESH));
    }

    @Test
    void itAsksUntilPostgresSaysWhereToGoOn() {
        assign();

        new CheckpointSeeker(new Away(4)).onPartitionsAssigned(consumer, List.of(PARTITION, FRESH));

        assertThat(consumer.position(PARTITION)).isEqualTo(CHECKPOINT);
        assertThat(consumer.position(FRESH)).isZero();
    }

    @Test
    void anOrderlyStopDoesNotWaitForPostgres() {
        assign();
        var readModel = new Away(Integer.MAX_VALUE);
        var seeker = new CheckpointSeeker(readModel);
        var assigned = CompletableFuture.runAsync(() -> seeker.onPartitionsAssigned(consumer, List.of(PARTITION)));

        seeker.stop(new ShutdownEvent());

        assertThatThrownBy(() -> assigned.orTimeout(30, TimeUnit.SECONDS).join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(ConnectException.class);
    }
}
