package dev.snapfork.projection;

import dev.snapfork.log.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How old records are when the read model has them. By the time that Kafka keeps of each: a republished event is not an old one. */
@ApplicationScoped
class Freshness {
    private static final Duration[] DELAYS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5)
    };

    private final AtomicLong newest = new AtomicLong();
    private final Timer delays;
    private final Clock clock;

    Freshness(MeterRegistry meters, Clock clock) {
        this.clock = clock;
        this.newest.set(clock.millis());
        this.delays = Timer.builder("snapfork.projection.delay")
                .description("from writing an event into its log until the read model has it")
                .serviceLevelObjectives(DELAYS)
                .register(meters);
    }

    /** The read model has the records. */
    void applied(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        var now = clock.millis();
        for (var record : records) {
            newest.accumulateAndGet(record.timestamp(), Math::max);
            if (record.topic().equals(Topics.EVENTS)) {
                delays.record(Math.max(0, now - record.timestamp()), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** The age of the newest record that the read model has; before there is one, the time since this process started. */
    Duration age() {
        return Duration.ofMillis(Math.max(0, clock.millis() - newest.get()));
    }
}
