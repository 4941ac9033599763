package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.OwnSchema;
import dev.snapfork.health.Health;
import dev.snapfork.health.HealthState;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.log.WireJson;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is answered is what would be if each row were read into a snapshot, whatever is asked for and in pages of whatever size. */
class SnapshotDocumentsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant FIRST = Instant.parse("2026-03-01T10:00:00.000001Z");
    private static final Instant CHECKED = Instant.parse("2026-04-01T00:00:00.120Z");
    private static final List<Snapshot> EXPECTED = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static OwnSchema schema;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static SnapshotDocuments documents;

    @BeforeAll
    static void fill() throws IOException {
        schema = new OwnSchema(
                "V1__read_model.sql",
                "V4.1__health.sql",
                "V5.1__overtaken_aggregates.sql",
                "V6__snapshot_schedules.sql",
                "V9__snapshots_by_kind.sql",
                "V10__snapshots_by_health.sql");
        documents = new SnapshotDocuments(schema.pool());
        var batch = new ReadModelBatch();
        for (var i = 0; i < 60; i++) {
            var snapshot = snapshot(i, null, null, null);
            batch.snapshot(snapshot, i % 10 == 9 ? CHECKED : null);
            var found = i % 3 == 0 ? null : i % 3 == 1 ? HealthState.HEALTHY : HealthState.DAMAGED;
            var error = found == HealthState.DAMAGED ? "says \"}\", and\na line" : null;
            if (found != null) {
                batch.finding(new Health(Health.Subject.SNAPSHOT, snapshot.id().value(), found, CHECKED, error, 1));
            }
            if (i % 10 != 9) {
                EXPECTED.add(
                        found == null
                                ? snapshot(i, HealthState.UNKNOWN, null, null)
                                : snapshot(i, found, CHECKED, error));
            }
        }
        come(new ReadModelWriter(schema.pool()).apply(batch));
        EXPECTED.sort(Comparator.comparing(Snapshot::createdAt)
                .thenComparing(snapshot -> snapshot.id().value())
                .reversed());
    }

    @AfterAll
    static void drop() {
        schema.close();
    }

    /** Four are made at each moment, so that pages begin between those of one. */
    private static Snapshot snapshot(
            int i, @Nullable HealthState health, @Nullable Instant checkedAt, @Nullable String error) {
        return new Snapshot(
                new SnapshotId("s%023d".formatted(i)),
                i % 2 == 0 ? null : "{name}\"" + i % 4,
                i % 5 == 0 ? SnapshotKind.STOPPED : SnapshotKind.STANDBY,
                i % 7 == 0 ? Map.of() : Map.of("team", "t" + i % 3, "}", "\\"),
                new InstanceId("i%023d".formatted(i % 4)),
                "vm",
                Hypervisor.QEMU,
                FIRST.plusSeconds(i / 4),
                1L << 40,
                CompressionState.NONE,
                null,
                null,
                null,
                null,
                i + 1,
                health,
                checkedAt,
                error);
    }

    private static <T> T come(Uni<T> result) {
        return result.await().atMost(LIMIT);
    }

    record Asked(SnapshotDocuments.Query query, Predicate<Snapshot> match) {}

    private static Stream<Asked> questions() {
        var source = "i%023d".formatted(1);
        var team = Map.of("team", "t1");
        return Stream.of(
                new Asked(new SnapshotDocuments.Query(null, null, null, null, Map.of()), any -> true),
                new Asked(new SnapshotDocuments.Query("{name}\"1", null, null, null, Map.of()), each -> "{name}\"1"
                        .equals(each.name())),
                new Asked(
                        new SnapshotDocuments.Query(null, "Stopped", null, null, Map.of()),
                        each -> each.kind() == SnapshotKind.STOPPED),
                new Asked(
                        new SnapshotDocuments.Query(null, null, source, null, Map.of()),
                        each -> each.sourceInstanceId().value().equals(source)),
                new Asked(
                        new SnapshotDocuments.Query(null, null, null, "damaged", Map.of()),
                        each -> each.health() == HealthState.DAMAGED),
                new Asked(
                        new SnapshotDocuments.Query(null, null, null, "unknown", Map.of()),
                        each -> each.health() == HealthState.UNKNOWN),
                new Asked(new SnapshotDocuments.Query(null, null, null, null, team), each -> "t1"
                        .equals(each.tags().get("team"))),
                new Asked(
                        new SnapshotDocuments.Query(null, "Standby", source, "healthy", team),
                        each -> each.kind() == SnapshotKind.STANDBY
                                && each.sourceInstanceId().value().equals(source)
                                && each.health() == HealthState.HEALTHY
                                && "t1".equals(each.tags().get("team"))));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void listsHaveWhatMatchesNewestFirst(Asked asked) {
        var expected = EXPECTED.stream().filter(asked.match()).toList();

        assertThat(expected).isNotEmpty();
        assertThat(read(come(documents.list(asked.query(), new Page.Request(null, null)))
                        .items()))
                .isEqualTo(expected);
        for (var size : List.of(1, 3, 59, 1000)) {
            assertThat(inPagesOf(size, asked.query())).as("pages of " + size).isEqualTo(expected);
        }
    }

    private static List<Snapshot> inPagesOf(int size, SnapshotDocuments.Query query) {
        var all = new ArrayList<Snapshot>();
        var after = Optional.<Page.Cursor>empty();
        do {
            var page = come(documents.list(query, new Page.Request(size, after.orElse(null))));
            assertThat(page.items()).hasSizeBetween(after.isPresent() ? 1 : 0, size);
            all.addAll(read(page.items()));
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    private static List<Snapshot> read(List<String> documents) {
        return documents.stream()
                .map(json -> WireJson.read(json, Snapshot.class))
                .toList();
    }

    @Test
    void oneIsAsInTheListAndDeletedOnesAndNoIdsAreNone() {
        for (var expected : EXPECTED) {
            assertThat(come(documents.find(expected.id().value()))).hasValueSatisfying(json -> {
                assertThat(WireJson.read(json, Snapshot.class)).isEqualTo(expected);
                // as the other answers: what is looked for in one of them is found in all
                assertThat(json).startsWith("{\"id\":\"" + expected.id() + "\",");
            });
        }
        assertThat(come(documents.find("s%023d".formatted(9)))).isEmpty();
        assertThat(come(documents.find("s%023d".formatted(999)))).isEmpty();
        assertThat(come(documents.find("no id\0"))).isEmpty();
    }

    @Test
    void whatCannotBeStoredMatchesNothing() {
        var page = come(documents.list(
                new SnapshotDocuments.Query("a\0b", null, null, null, Map.of()), new Page.Request(10, null)));

        assertThat(page).isEqualTo(new Page<>(List.of(), Optional.empty()));
    }

    @Test
    void aBodyWithNothingInItBecomesAnObjectToo() {
        assertThat(SnapshotDocuments.with("{}", "unknown", null, null)).isEqualTo("{\"health\":\"unknown\"}");
    }
}
