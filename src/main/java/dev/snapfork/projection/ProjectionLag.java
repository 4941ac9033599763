package dev.snapfork.projection;

import dev.snapfork.log.Topics;
import dev.snapfork.platform.LogOffsets;
import dev.snapfork.platform.Lookout;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.ReadModelWriter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far the read model is behind the logs. By its own checkpoints: what the consumer commits to Kafka is past records that
 * were polled and not applied.
 */
@ApplicationScoped
class ProjectionLag {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final double MILLIS = 1000;
    private static final List<String> TOPICS = List.of(
            Topics.COMMANDS,
            Topics.COMPRESSIONS,
            Topics.VERIFICATIONS,
            Topics.EVENTS,
            Topics.PROGRESS,
            Topics.DEAD_LETTERS);
    private final Map<String, Double> behind = new ConcurrentHashMap<>();
    private final SnapforkConfig config;
    private final ReadModelWriter readModel;
    private final LogOffsets offsets;
    private final MeterRegistry meters;
    private final Freshness freshness;
    private @Nullable Lookout lookout;

    ProjectionLag(
            SnapforkConfig config,
            ReadModelWriter readModel,
            LogOffsets offsets,
            MeterRegistry meters,
            Freshness freshness) {
        this.config = config;
        this.readModel = readModel;
        this.offsets = offsets;
        this.meters = meters;
        this.freshness = freshness;
    }

    void start(@Observes StartupEvent event) {
        if (!config.roles().contains(SnapforkConfig.Role.PROJECTION)) {
            return;
        }
        for (var topic : TOPICS) {
            Gauge.builder("snapfork.projection.lag.records", behind, all -> all.getOrDefault(topic, Double.NaN))
                    .description("records of a log that the read model does not have yet")
                    .tag("topic", topic)
                    .register(meters);
        }
        Gauge.builder("snapfork.projection.lag", this, ProjectionLag::seconds)
                .description("how old the newest record is that the read model has; 0 once it has all of them")
                .baseUnit("seconds")
                .register(meters);
        // there from the start, or its first count would be no increase
        for (var topic : List.of(Topics.EVENTS, Topics.PROGRESS)) {
            meters.counter("snapfork.dead.letters.buried", "topic", topic);
        }
        lookout = Lookout.every(LOOK_EVERY, "projection-lag", this::look);
    }

    void stop(@Observes ShutdownEvent event) {
        if (lookout != null) {
            lookout.close();
        }
    }

    private double seconds() {
        if (behind.isEmpty()) {
            return Double.NaN;
        }
        return behind.values().stream().mapToDouble(Double::doubleValue).sum() == 0
                ? 0
                : freshness.age().toMillis() / MILLIS;
    }

    private void look() {
        try {
            var spans = offsets.spans(TOPICS);
            for (var topic : TOPICS) {
                var checkpoints = readModel.checkpoints(topic).await().atMost(LIMIT);
                var records = spans.entrySet().stream()
                        .filter(entry -> entry.getKey().topic().equals(topic))
                        .mapToLong(entry -> entry.getValue()
                                .behind(checkpoints.getOrDefault(entry.getKey().partition(), 0L)))
                        .sum();
                behind.put(topic, (double) records);
            }
        } catch (RuntimeException e) {
            behind.clear();
            throw e;
        }
    }
}
