package dev.snapfork.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a broker whose topics the service has made. */
@QuarkusTest
@Timeout(60)
class LogConsumerTest {
    private static LogConsumer consumer() throws IOException {
        return new LogConsumer(
                Map.of("bootstrap.servers", SharedEnvironment.get().bootstrapServers()),
                "test",
                Duration.ofSeconds(10),
                () -> {});
    }

    @Test
    void aPlaceBehindTheEndIsOfALogThatIsGoneAndAllOfThisOneIsRead() throws Exception {
        try (var consumer = consumer()) {
            var beyond = new long[consumer.positions().length];
            Arrays.fill(beyond, Long.MAX_VALUE);

            consumer.seekBack(LogPosition.of(beyond));

            assertThat(consumer.positions()).hasSameSizeAs(beyond).containsOnly(0);
        }
    }

    @Test
    void aPlaceInTheLogIsGoneBackTo() throws Exception {
        try (var consumer = consumer()) {
            consumer.seekToEnd();
            var ends = consumer.positions();
            consumer.seek(LogPosition.beginning());

            consumer.seekBack(LogPosition.of(ends));

            assertThat(consumer.positions()).isNotEmpty().isEqualTo(ends);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z"})
    void beforeTheFirstTimeThatKafkaKnowsIsTheBeginning(String time) throws Exception {
        try (var consumer = consumer()) {
            consumer.seek(Instant.EPOCH);
            var first = consumer.positions();

            consumer.seek(Instant.parse(time));

            assertThat(consumer.positions()).isNotEmpty().isEqualTo(first);
        }
    }

    @Test
    void behindTheLastTimeThatKafkaKnowsIsTheEnd() throws Exception {
        try (var consumer = consumer()) {
            consumer.seekToEnd();
            var ends = consumer.positions();

            consumer.seek(Instant.MAX);

            assertThat(consumer.positions()).isNotEmpty().isEqualTo(ends);
        }
    }
}
