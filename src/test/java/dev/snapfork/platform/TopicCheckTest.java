package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.api.Eventually;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.log.Topics;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a broker whose topics the service has made. */
@QuarkusTest
class TopicCheckTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** As it is configured unless somebody says otherwise. */
    private static final Duration HISTORY = Duration.ofDays(30);

    private static Admin admin() throws IOException {
        return Admin.create(Map.<String, Object>of(
                "bootstrap.servers", SharedEnvironment.get().bootstrapServers()));
    }

    /** Returns when the broker says so: it hears of a change of its controller's a little after who asked for it. */
    private static void set(Admin admin, String topic, String setting, String value) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        admin.incrementalAlterConfigs(
                        Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET))))
                .all()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        var seen = Eventually.see(LIMIT, () -> setting(admin, resource, setting), value::equals);
        assertThat(seen).isEqualTo(value);
    }

    private static String setting(Admin admin, ConfigResource resource, String setting) {
        try {
            var all = admin.describeConfigs(List.of(resource)).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return Objects.requireNonNull(all.get(resource)).get(setting).value();
        } catch (Exception e) {
            throw new AssertionError("the broker does not say what the topic's settings are", e);
        }
    }

    private static void check(Admin admin) {
        check(admin, Map.of());
    }

    /** @param settings of the service, where they are not as usual */
    private static void check(Admin admin, Map<String, String> settings) {
        new TopicCheck(admin, LIMIT, Configured.with(settings).topics()).check();
    }

    @Test
    void theTopicsThatTheServiceMakesAreRight() throws Exception {
        try (var admin = admin()) {
            assertThatCode(() -> check(admin)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            snapfork.events   | cleanup.policy  | delete         | compact,delete | [compact,delete]
            snapfork.events   | retention.ms    | 604800000      | -1             | -1
            snapfork.events   | retention.bytes | 1000000000     | -1             | -1
            snapfork.events   | cleanup.policy  | delete,delete  | compact,delete | [compact,delete]
            snapfork.commands | cleanup.policy  | compact        | delete         | delete
            snapfork.commands | retention.ms    | 60000          | 604800000      | 604800000
            snapfork.compressions | retention.ms | 0             | 604800000      | 604800000
            """)
    void aSettingThatLosesSomethingIsRefusedWithTheLineThatMendsIt(
            String topic, String setting, String wrong, String right, String mended) throws Exception {
        try (var admin = admin()) {
            set(admin, topic, setting, wrong);
            try {
                assertThatThrownBy(() -> check(admin))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("topic " + topic + " has " + setting + "=" + wrong)
                        .hasMessageContaining(
                                "--entity-name " + topic + " --add-config '" + setting + "=" + mended + "'");
            } finally {
                set(admin, topic, setting, right);
            }
            assertThatCode(() -> check(admin)).doesNotThrowAnyException();
        }
    }

    @Test
    void commandsMayBeKeptForEver() throws Exception {
        try (var admin = admin()) {
            set(admin, Topics.COMMANDS, "retention.ms", "-1");
            try {
                assertThatCode(() -> check(admin)).doesNotThrowAnyException();
            } finally {
                set(admin, Topics.COMMANDS, "retention.ms", "604800000");
            }
        }
    }

    /** A number that was changed looks the same as one that the service was not told of. */
    @Test
    void aNumberOfPartitionsThatIsNotTheOneConfiguredIsRefused() throws Exception {
        try (var admin = admin()) {
            assertThatThrownBy(() -> check(admin, Map.of("snapfork.topics.partitions", "7")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("topic snapfork.events has 12 partitions and SNAPFORK_TOPICS_PARTITIONS is 7")
                    .hasMessageContaining("SNAPFORK_TOPICS_PARTITIONS=12")
                    .hasMessageContaining("--delete --topic snapfork.events; then start, and POST /event-log/rebuild");
        }
    }

    @Test
    void aHistoryThatIsShorterIsNoReasonToEnd() throws Exception {
        try (var admin = admin()) {
            set(admin, Topics.EVENTS, "min.compaction.lag.ms", "1000");
            try {
                assertThatCode(() -> check(admin)).doesNotThrowAnyException();
            } finally {
                set(admin, Topics.EVENTS, "min.compaction.lag.ms", Long.toString(HISTORY.toMillis()));
            }
        }
    }
}
