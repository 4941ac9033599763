package dev.snapfork.platform;

import dev.snapfork.log.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jboss.logging.Logger;

/**
 * Looks at topics that somebody else has made. Settings of which the ledger or accepted commands would be lost are refused, each with the
 * command that mends it; those that only shorten history are warned of.
 */
final class TopicCheck {
    private static final Logger LOG = Logger.getLogger(TopicCheck.class);
    private static final String FOR_EVER = "-1";

    private final Admin admin;
    private final Duration limit;
    private final Duration history;

    /** @param history how long every event is to be kept */
    TopicCheck(Admin admin, Duration limit, Duration history) {
        this.admin = admin;
        this.limit = limit;
        this.history = history;
    }

    /** A setting that is wrong, and the one that is right. */
    private record Problem(String topic, String setting, String is, String shouldBe, String why) {
        String text() {
            return ("topic %s has %s=%s: %s. Mend it with: kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics"
                            + " --entity-name %s --add-config '%s=%s'")
                    .formatted(topic, setting, is, why, topic, setting, shouldBe);
        }
    }

    /**
     * Looks at all topics.
     *
     * @throws IllegalStateException if a setting loses what is to be kept, or Kafka does not answer in time
     */
    void check() {
        var problems = new ArrayList<Problem>();
        settings().forEach((topic, config) -> problems.addAll(problems(topic, config)));
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    String.join("\n", problems.stream().map(Problem::text).toList()));
        }
    }

    private Map<String, Config> settings() {
        var resources = Stream.concat(Topics.OF_COMMANDS.stream(), Stream.of(Topics.EVENTS))
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        try {
            var found = new HashMap<String, Config>();
            admin.describeConfigs(resources)
                    .all()
                    .get(limit.toSeconds(), TimeUnit.SECONDS)
                    .forEach((resource, config) -> found.put(resource.name(), config));
            return found;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                LOG.warnf("the topics' settings may not be looked at, and are taken to be right: %s", e.getMessage());
                return Map.of();
            }
            throw new IllegalStateException("cannot look at the topics' settings: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Kafka did not tell the topics' settings within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking at the topics' settings", e);
        }
    }

    private List<Problem> problems(String topic, Config config) {
        return topic.equals(Topics.EVENTS) ? ofEvents(config) : ofCommands(topic, config);
    }

    private List<Problem> ofEvents(Config config) {
        var problems = new ArrayList<Problem>();
        var policy = policy(config);
        if (!policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            problems.add(new Problem(
                    Topics.EVENTS,
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    value(config, TopicConfig.CLEANUP_POLICY_CONFIG),
                    "[compact,delete]",
                    "the last state of what does not change would be deleted"));
        }
        if (policy.contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            for (var setting : List.of(TopicConfig.RETENTION_MS_CONFIG, TopicConfig.RETENTION_BYTES_CONFIG)) {
                if (!value(config, setting).equals(FOR_EVER)) {
                    problems.add(new Problem(
                            Topics.EVENTS,
                            setting,
                            value(config, setting),
                            FOR_EVER,
                            "the last state of what does not change for so long would be deleted"));
                }
            }
        }
        var lag = value(config, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG);
        if (Long.parseLong(lag) < history.toMillis()) {
            LOG.warnf(
                    "topic %s has %s=%s: events may be compacted sooner than after %s",
                    Topics.EVENTS, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, lag, history);
        }
        return problems;
    }

    private static List<Problem> ofCommands(String topic, Config config) {
        return policy(config).contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                ? List.of(new Problem(
                        topic,
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        value(config, TopicConfig.CLEANUP_POLICY_CONFIG),
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        "of two commands for one thing the first would be lost"))
                : List.of();
    }

    private static Set<String> policy(Config config) {
        return Set.of(value(config, TopicConfig.CLEANUP_POLICY_CONFIG).split(",", -1));
    }

    private static String value(Config config, String setting) {
        return config.get(setting).value();
    }
}
