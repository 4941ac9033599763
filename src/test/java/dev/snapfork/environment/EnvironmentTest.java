package dev.snapfork.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.local.StackProbe;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every kind of environment must do; SNAPFORK_TEST_ENVIRONMENT chooses the kind. */
@Timeout(240)
class EnvironmentTest {
    private StackProbe probe = new StackProbe("", "", "", "");

    @BeforeEach
    void findTheEnvironment() throws Exception {
        SharedEnvironment environment = SharedEnvironment.get();
        probe = environment.probe();
    }

    @Test
    void aRecordIsReadBackFromATopicThatTheAdminClientMade() throws Exception {
        String topic = "environment-" + UUID.randomUUID();
        probe.createTopic(topic);

        probe.produce(topic, "a record");

        assertThat(probe.consume(topic, 1)).containsExactly("a record");
    }

    @Test
    void theDatabaseIsPostgres18() throws Exception {
        assertThat(probe.sql("select 1")).containsExactly("1");
        assertThat(probe.sql("select version()")).singleElement().asString().startsWith("PostgreSQL 18");
    }

    @Test
    void theUserMayMakeItsOwnTables() throws Exception {
        String table = "environment_" + UUID.randomUUID().toString().replace('-', '_');

        probe.sql("create table " + table + " (id int)");

        assertThat(probe.sql("select count(*) from " + table)).containsExactly("0");
        // what comes after this in the same database may want it to be empty
        probe.sql("drop table " + table);
    }

    @Test
    void thereIsOneEnvironmentForAllTests() throws Exception {
        assertThat(SharedEnvironment.get()).isEqualTo(SharedEnvironment.get());
    }
}
