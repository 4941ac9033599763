package dev.snapfork.platform;

import dev.snapfork.log.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
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
    private final SnapforkConfig.Topics wanted;

    TopicCheck(Admin admin, Duration limit, SnapforkConfig.Topics wanted) {
        this.admin = admin;
        this.limit = limit;
        this.wanted = wanted;
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
        var losses = losses();
        if (!losses.isEmpty()) {
            throw new IllegalStateException(String.join("\n", losses));
        }
    }

    /**
     * What would lose what is to be kept, each with what mends it.
     *
     * @throws IllegalStateException if Kafka does not answer in time
     */
    List<String> losses() {
        var losses = new ArrayList<String>();
        settings().forEach((topic, config) -> problems(topic, config).forEach(problem -> losses.add(problem.text())));
        var count = partitionsOfEvents();
        if (count != wanted.partitions()) {
            losses.add(
                    ("topic %1$s has %2$d partitions and SNAPFORK_TOPICS_PARTITIONS is %3$d: were they changed since its first event, those"
                                    + " of an aggregate lie in two of them, without order, and what was deleted comes back. If it has always had"
                                    + " %2$d, mend it with: SNAPFORK_TOPICS_PARTITIONS=%2$d. If not, end all processes and have the log made anew from the"
                                    + " payload store: kafka-topics.sh --bootstrap-server BROKER --delete --topic %1$s; then start, and POST"
                                    + " /event-log/rebuild")
                            .formatted(Topics.EVENTS, count, wanted.partitions()));
        }
        return losses;
    }

    private int partitionsOfEvents() {
        try {
            return answer(admin.describeTopics(List.of(Topics.EVENTS)).allTopicNames())
                    .map(topics -> Objects.requireNonNull(topics.get(Topics.EVENTS))
                            .partitions()
                            .size())
                    .orElse(wanted.partitions());
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot look at the topics' partitions: " + e.getMessage(), e);
        }
    }

    /** Empty if there is nothing to find out, or this one may not ask. */
    private <T> Optional<T> answer(KafkaFuture<T> asked) throws ExecutionException {
        try {
            return Optional.of(asked.get(limit.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                LOG.debug("a broker does not know yet of a topic that was made just now, and so is as it should be", e);
                return Optional.empty();
            }
            if (e.getCause() instanceof AuthorizationException) {
                LOG.warnf("the topics may not be looked at, and are taken to be right: %s", e.getMessage());
                return Optional.empty();
            }
            throw e;
        } catch (TimeoutException e) {
            throw new IllegalStateException("Kafka did not tell about the topics within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking at the topics", e);
        }
    }

    private Map<String, Config> settings() {
        var resources = Stream.concat(Topics.OF_COMMANDS.stream(), Stream.of(Topics.EVENTS))
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        try {
            var found = new HashMap<String, Config>();
            answer(admin.describeConfigs(resources).all())
                    .ifPresent(all -> all.forEach((resource, config) -> found.put(resource.name(), config)));
            return found;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot look at the topics' settings: " + e.getMessage(), e);
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
        if (Long.parseLong(lag) < wanted.eventHistory().toMillis()) {
            LOG.warnf(
                    "topic %s has %s=%s: events may be compacted sooner than after %s",
                    Topics.EVENTS, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, lag, wanted.eventHistory());
        }
        return problems;
    }

    private List<Problem> ofCommands(String topic, Config config) {
        var problems = new ArrayList<Problem>();
        if (policy(config).contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            problems.add(new Problem(
                    topic,
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    value(config, TopicConfig.CLEANUP_POLICY_CONFIG),
                    TopicConfig.CLEANUP_POLICY_DELETE,
                    "of two commands for one thing the first would be lost"));
        }
        var kept = wanted.commandRetention().toMillis();
        var is = value(config, TopicConfig.RETENTION_MS_CONFIG);
        if (!is.equals(FOR_EVER) && Long.parseLong(is) < kept) {
            problems.add(new Problem(
                    topic,
                    TopicConfig.RETENTION_MS_CONFIG,
                    is,
                    Long.toString(kept),
                    "accepted commands would be lost before SNAPFORK_TOPICS_COMMAND_RETENTION is over"));
        }
        return problems;
    }

    private static Set<String> policy(Config config) {
        // one that names a policy twice is taken by some brokers
        return Arrays.stream(value(config, TopicConfig.CLEANUP_POLICY_CONFIG).split(",", -1))
                .map(String::strip)
                .collect(Collectors.toSet());
    }

    private static String value(Config config, String setting) {
        return config.get(setting).value();
    }
}
