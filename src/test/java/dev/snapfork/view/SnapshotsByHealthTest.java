package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.OwnSchema;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots are found by their health, in whatever order the events of both were applied. */
class SnapshotsByHealthTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String INDEX = "V10__snapshots_by_health.sql";

    @SuppressWarnings("NullAway.Init") // made before each test
    private OwnSchema schema;

    @BeforeEach
    void makeTables() throws IOException {
        schema = new OwnSchema("V1__read_model.sql", "V4.1__health.sql");
    }

    @AfterEach
    void dropTables() {
        schema.close();
    }

    private List<String> sql(String sql) {
        var rows = schema.pool().query(sql).execute().await().atMost(LIMIT);
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString(0))
                .toList();
    }

    private void made(String id, int day) {
        var unused = sql("""
                insert into snapshot_state (id, version, kind, source_instance_id, created_at, tags, body)
                values ('%s', 1, 'Standby', 'i', '2026-01-0%d', '{}', '{}')""".formatted(id, day));
    }

    private void deleted(String id) {
        var unused = sql("update snapshot_state set deleted_at = now() where id = '%s'".formatted(id));
    }

    private void found(String id, String state) {
        var unused = sql("""
                insert into health_finding (id, version, state, checked_at) values ('%s', 1, '%s', now())
                on conflict (id) do update set version = health_finding.version + 1, state = excluded.state""".formatted(id, state));
    }

    /** As the service asks. */
    private List<String> with(String health) {
        return sql("""
                select h.id from snapshot_health h join snapshot_state s on s.id = h.id
                where h.listed_at is not null and s.deleted_at is null and h.state = '%s' order by h.listed_at desc""".formatted(health));
    }

    @Test
    void newestComeFirstAndThoseNobodyLookedAtAreUnknown() throws IOException {
        schema.apply(INDEX);
        made("a", 1);
        made("b", 3);
        made("c", 2);
        made("d", 4);
        found("a", "damaged");
        found("b", "damaged");
        found("c", "damaged");

        assertThat(with("damaged")).containsExactly("b", "c", "a");
        assertThat(with("unknown")).containsExactly("d");
        found("b", "healthy");
        assertThat(with("damaged")).containsExactly("c", "a");
        assertThat(with("healthy")).containsExactly("b");
    }

    @Test
    void aFindingThatIsToldBeforeItsSnapshotCountsOnceThatIsThere() throws IOException {
        schema.apply(INDEX);
        found("a", "damaged");
        assertThat(with("damaged")).isEmpty();

        made("a", 1);

        assertThat(with("damaged")).containsExactly("a");
        assertThat(with("unknown")).isEmpty();
    }

    @Test
    void deletedOnesAreNotListedWhateverIsFoundOutAfterwards() throws IOException {
        schema.apply(INDEX);
        made("a", 1);
        deleted("a");
        found("a", "damaged");

        assertThat(with("damaged")).isEmpty();
        assertThat(with("unknown")).isEmpty();
    }

    @Test
    void whatWasThereBeforeTheIndexIsInIt() throws IOException {
        made("a", 1);
        made("b", 2);
        made("c", 3);
        found("a", "damaged");
        found("c", "damaged");
        deleted("c");
        found("later", "healthy");

        schema.apply(INDEX);

        assertThat(with("damaged")).containsExactly("a");
        assertThat(with("unknown")).containsExactly("b");
        made("later", 4);
        assertThat(with("healthy")).containsExactly("later");
    }

    @Test
    void whatIsMadeAgainAfterItsRowWasLostIsListedAgain() throws IOException {
        schema.apply(INDEX);
        made("a", 1);
        found("a", "damaged");
        var unused = sql("delete from snapshot_state");
        assertThat(with("damaged")).isEmpty();

        made("a", 1);

        assertThat(with("damaged")).containsExactly("a");
    }
}
