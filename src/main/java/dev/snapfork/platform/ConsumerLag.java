package dev.snapfork.platform;

import dev.snapfork.log.Topics;
import dev.snapfork.platform.SnapforkConfig.Role;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Shows how many commands of each log no worker has finished. It is told by the processes that do not work on them: it is when all
 * workers are gone that somebody has to know it.
 */
@ApplicationScoped
class ConsumerLag {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Map<String, String> CHANNELS = Map.of(
            Topics.COMMANDS, "commands",
            Topics.COMPRESSIONS, "compressions",
            Topics.VERIFICATIONS, "verifications");

    private final Map<String, Double> lags = new ConcurrentHashMap<>();
    private final SnapforkConfig config;
    private final Config settings;
    private final LogOffsets offsets;
    private final MeterRegistry meters;
    private @Nullable Lookout lookout;

    ConsumerLag(SnapforkConfig config, Config settings, LogOffsets offsets, MeterRegistry meters) {
        this.config = config;
        this.settings = settings;
        this.offsets = offsets;
        this.meters = meters;
    }

    void start(@Observes StartupEvent event) {
        if (!config.roles().contains(Role.API) && !config.roles().contains(Role.PROJECTION)) {
            return;
        }
        CHANNELS.forEach((topic, channel) -> Gauge.builder(
                        "snapfork.consumer.lag.records", lags, all -> all.getOrDefault(topic, Double.NaN))
                .description("records of a command log that its group has not finished")
                .tag("topic", topic)
                .tag("group", group(channel))
                .register(meters));
        lookout = Lookout.every(LOOK_EVERY, "consumer-lag", this::look);
    }

    void stop(@Observes ShutdownEvent event) {
        if (lookout != null) {
            lookout.close();
        }
    }

    private String group(String channel) {
        return settings.getValue("mp.messaging.incoming." + channel + ".group.id", String.class);
    }

    /** What Kafka does not tell is not known: a gap on the page is better than the last number for ever. */
    private void look() {
        try {
            var spans = offsets.spans(CHANNELS.keySet());
            CHANNELS.forEach((topic, channel) -> {
                var committed = offsets.committed(group(channel));
                var behind = spans.entrySet().stream()
                        .filter(entry -> entry.getKey().topic().equals(topic))
                        .mapToLong(entry -> entry.getValue().behind(committed.getOrDefault(entry.getKey(), 0L)))
                        .sum();
                lags.put(topic, (double) behind);
            });
        } catch (LogOffsets.LogAwayException e) {
            lags.clear();
            throw e;
        }
    }
}
