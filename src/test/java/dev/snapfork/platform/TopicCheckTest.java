package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.log.Topics;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private static void set(Admin admin, String topic, String setting, String value) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        admin.incrementalAlterConfigs(
                        Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(setting, value), OpType.SET))))
                .all()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static void check(Admin admin) {
        new TopicCheck(admin, LIMIT, HISTORY).check();
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
            snapfork.commands | cleanup.policy  | compact        | delete         | delete
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
