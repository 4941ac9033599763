package dev.snapfork.platform;

import dev.snapfork.log.Topics;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/** Makes the topics that are missing before the first record is read or written; those that are there stay as they are, and are looked at. */
@ApplicationScoped
public class TopicSetup {
    private static final Logger LOG = Logger.getLogger(TopicSetup.class);
    private static final int BEFORE_MESSAGING = 10;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PROGRESS_KEPT = Duration.ofHours(1);

    private final SnapforkConfig.Topics config;
    private final Map<String, Object> kafka;

    TopicSetup(SnapforkConfig config, @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.config = config.topics();
        this.kafka = kafka;
    }

    void start(@Observes @Priority(BEFORE_MESSAGING) StartupEvent event) {
        make();
    }

    /**
     * Makes the topics that are missing, and looks at the settings of those that are there.
     *
     * @throws IllegalStateException if Kafka did not make one in time, or refuses to; or if a setting loses what is to be kept
     */
    public void make() {
        var settings = new HashMap<>(kafka);
        settings.put("default.api.timeout.ms", Math.toIntExact(LIMIT.toMillis()));
        settings.put("request.timeout.ms", 5_000);
        settings.put("client.id", "snapfork-topics");
        try (var admin = Admin.create(settings)) {
            admin.createTopics(topics(config)).values().forEach((name, made) -> await(name, made));
            new TopicCheck(admin, LIMIT, config).check();
        }
    }

    private static void await(String name, org.apache.kafka.common.KafkaFuture<Void> made) {
        try {
            made.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            LOG.infof("made topic %s", name);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("cannot make topic " + name + ": " + e.getMessage(), e);
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException("Kafka did not make topic " + name + " within " + LIMIT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making topic " + name, e);
        }
    }

    /**
     * What of the topics that are there would lose what is to be kept, each with what mends it. All topics must be there.
     *
     * @throws IllegalStateException if Kafka does not answer in time
     */
    public static List<String> losses(Admin admin, Duration limit, SnapforkConfig.Topics config) {
        return new TopicCheck(admin, limit, config).losses();
    }

    /** All topics, as they are made where they are missing. */
    public static List<NewTopic> topics(SnapforkConfig.Topics config) {
        var commands = Map.of(TopicConfig.RETENTION_MS_CONFIG, millis(config.commandRetention()));
        var events = Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, "compact,delete",
                TopicConfig.RETENTION_MS_CONFIG, "-1",
                TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, millis(config.eventHistory()));
        // a letter is a record as large as they come, with more around it
        var letters = Map.of(
                TopicConfig.RETENTION_MS_CONFIG, millis(config.commandRetention()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topics.LARGEST_DEAD_LETTER));
        var progress = Map.of(TopicConfig.RETENTION_MS_CONFIG, millis(PROGRESS_KEPT));
        return List.of(
                topic(config, Topics.COMMANDS, commands),
                topic(config, Topics.COMPRESSIONS, commands),
                topic(config, Topics.VERIFICATIONS, commands),
                topic(config, Topics.EVENTS, events),
                topic(config, Topics.PROGRESS, progress),
                topic(config, Topics.DEAD_LETTERS, letters));
    }

    private static NewTopic topic(SnapforkConfig.Topics config, String name, Map<String, String> settings) {
        return new NewTopic(name, Optional.of(config.partitions()), Optional.of(config.replication()))
                .configs(settings);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
