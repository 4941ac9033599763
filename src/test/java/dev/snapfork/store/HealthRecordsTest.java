package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.health.Health;
import dev.snapfork.operation.OperationId;
import dev.snapfork.store.HealthRecords.Entry;
import dev.snapfork.store.HealthRecords.Known;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthRecordsTest {
    private static final String ID = "s".repeat(24);
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final OperationId OPERATION = new OperationId("o".repeat(24));

    private HealthRecords records;
    private Path file = Path.of("");

    @BeforeEach
    void open(@TempDir Path data) throws IOException {
        records = PayloadStore.open(data, Duration.ofSeconds(20)).health();
        file = data.resolve("health").resolve(ID + ".json");
    }

    private static Entry entry(long after, @Nullable String problem) {
        return new Entry(Health.found(Health.Subject.SNAPSHOT, ID, after, problem, NOW), OPERATION);
    }

    @Test
    void ofWhatNobodyLookedAtThereIsNothing() throws IOException {
        assertThat(records.find(ID)).isEqualTo(new Known(0, Optional.empty()));
        assertThat(records.ids()).isEmpty();
    }

    @Test
    void aFindingIsReadBack() throws IOException {
        for (var entry : new Entry[] {
            entry(0, "it is \"gone\"\nand\0more"),
            entry(1, null),
            new Entry(Health.found(Health.Subject.INSTANCE, ID, 2, "x", NOW), null)
        }) {
            assertThat(records.put(entry.health().version() - 1, entry)).isTrue();

            assertThat(records.find(ID)).isEqualTo(new Known(entry.health().version(), Optional.of(entry)));
            assertThat(records.ids()).containsExactly(ID);
        }
    }

    @Test
    void ofTwoThatFollowTheSameFindingOneIsWritten() throws IOException {
        records.put(0, entry(0, null));

        assertThat(records.put(0, entry(0, "late"))).isFalse();

        assertThat(records.find(ID).entry()).contains(entry(0, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"version\":1}", "{\"version\":\"x\"}"})
    void aRecordThatCannotBeReadIsReplacedByANewerOne(String content) throws IOException {
        records.put(0, entry(0, null));
        Files.writeString(file, content);
        var written = Instant.parse("2026-03-02T00:00:00Z");
        Files.setLastModifiedTime(file, FileTime.from(written));

        var known = records.find(ID);
        var next = entry(known.version(), "found");

        assertThat(known).isEqualTo(new Known(written.getEpochSecond(), Optional.empty()));
        assertThat(records.put(known.version(), next)).isTrue();
        assertThat(records.find(ID).entry()).contains(next);
    }

    @Test
    void whatIsForgottenIsGoneAndMayBeForgottenAgain() throws IOException {
        records.put(0, entry(0, null));

        records.remove(ID);
        records.remove(ID);

        assertThat(records.find(ID)).isEqualTo(new Known(0, Optional.empty()));
    }

    @Test
    void whatADeadWriterLeftIsSwept() throws IOException {
        var leftover = Files.writeString(file.resolveSibling("." + ID + ".json.x.tmp"), "half");
        records.put(0, entry(0, null));

        records.sweep(Instant.now().minus(Duration.ofHours(1)));
        assertThat(leftover).exists();
        records.sweep(Instant.now().plus(Duration.ofHours(1)));

        assertThat(leftover).doesNotExist();
        assertThat(records.find(ID).entry()).isPresent();
    }
}
