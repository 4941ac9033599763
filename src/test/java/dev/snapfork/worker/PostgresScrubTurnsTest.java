package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.OwnSchema;
import dev.snapfork.platform.Configured;
import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresScrubTurnsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Instant NOW = Instant.parse("2026-03-08T10:00:00Z");

    @SuppressWarnings("NullAway.Init") // made before each test
    private OwnSchema schema;

    @SuppressWarnings("NullAway.Init")
    private ScrubTurns turns;

    @BeforeEach
    void makeTables() throws IOException {
        schema = new OwnSchema("V1__read_model.sql", "V4.1__health.sql");
        turns = new PostgresScrubTurns(schema.pool(), Configured.with(Map.of()));
    }

    @AfterEach
    void dropTables() {
        schema.close();
    }

    private static SnapshotId id(String letter) {
        return new SnapshotId(letter.repeat(24));
    }

    private void sql(String sql) {
        var unused = schema.pool().query(sql).execute().await().atMost(LIMIT);
    }

    private void made(String letter, String at) {
        sql("""
                insert into snapshot_state (id, version, kind, source_instance_id, created_at, tags, body)
                values ('%s', 1, 'Standby', 'i', '%s', '{}', '{}')""".formatted(id(letter).value(), at));
    }

    private void verified(String letter, String at) {
        sql("insert into health_finding (id, version, state, checked_at) values ('%s', 1, 'healthy', '%s')"
                .formatted(id(letter).value(), at));
    }

    @Test
    void whoWasVerifiedOrMadeTheLongestAgoComesFirst() {
        made("a", "2026-01-01T00:00:00Z");
        verified("a", "2026-02-03T00:00:00Z");
        made("b", "2026-02-02T00:00:00Z");
        made("c", "2026-02-04T00:00:00Z");

        assertThat(turns.take("w", NOW, LEASE)).contains(new ScrubTurns.Turn(id("b"), null));
        assertThat(turns.take("w", NOW, LEASE))
                .contains(new ScrubTurns.Turn(id("a"), Instant.parse("2026-02-03T00:00:00Z")));
        assertThat(turns.take("w", NOW, LEASE)).contains(new ScrubTurns.Turn(id("c"), null));
        assertThat(turns.take("w", NOW, LEASE)).isEmpty();
    }

    @Test
    void whatIsNotDueOrIsDeletedIsLeftAlone() {
        made("a", "2026-03-08T10:00:00Z");
        made("b", "2026-01-01T00:00:00Z");
        sql("update snapshot_state set deleted_at = now() where id = '" + id("b").value() + "'");

        assertThat(turns.take("w", NOW, LEASE)).isEmpty();
        assertThat(turns.take("w", NOW.plusMillis(1), LEASE)).isPresent();
    }

    @Test
    void aTurnIsOneWorkersUntilItEnds() {
        made("a", "2026-01-01T00:00:00Z");
        assertThat(turns.take("one", NOW, LEASE)).isPresent();

        assertThat(turns.take("two", NOW, LEASE)).isEmpty();
        // of no effect: it is not its
        turns.keep("two", id("a"), Duration.ofHours(-1));
        assertThat(turns.take("two", NOW, LEASE)).isEmpty();
        turns.keep("one", id("a"), Duration.ofSeconds(-1));
        assertThat(turns.take("two", NOW, LEASE)).isPresent();
    }
}
