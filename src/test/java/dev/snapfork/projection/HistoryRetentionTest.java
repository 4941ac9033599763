package dev.snapfork.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class HistoryRetentionTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ID = "historyretentiontest0000";

    private final HistoryRetention retention;

    @Inject
    HistoryRetentionTest(HistoryRetention retention) {
        this.retention = retention;
    }

    private static List<String> sql(String statement) throws IOException, SQLException {
        var environment = SharedEnvironment.get();
        return environment.probe().sql(statement);
    }

    @Test
    void whatIsOlderThanTheLogKeepsEveryEventIsForgotten() throws Exception {
        // more than are forgotten at once
        sql(
                "insert into snapshot_event (id, snapshot_id, time, event) select '%s-' || n, '%s', now() - interval '31 days', '{}'"
                                .formatted(ID, ID)
                        + " from generate_series(1, 12000) as n");
        sql(
                "insert into snapshot_event (id, snapshot_id, time, event) values ('%s-12001', '%s', now() - interval '29 days', '{}')"
                        .formatted(ID, ID));

        retention.forget().await().atMost(LIMIT);

        assertThat(sql("select id from snapshot_event where snapshot_id = '" + ID + "'"))
                .containsExactly(ID + "-12001");
        sql("delete from snapshot_event where snapshot_id = '" + ID + "'");
    }
}
