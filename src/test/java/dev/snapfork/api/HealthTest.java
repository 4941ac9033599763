package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Snapshots whose files are not what was captured any more. */
@QuarkusTest
class HealthTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    /** What can happen to a file. */
    enum Harm {
        BIT_TURNED {
            @Override
            void to(Path file) throws IOException {
                try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    var middle = channel.size() / 2;
                    var one = ByteBuffer.allocate(1);
                    channel.read(one, middle);
                    one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
                    channel.write(one, middle);
                }
            }
        },
        CUT_SHORT {
            @Override
            void to(Path file) throws IOException {
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() - 1);
                }
            }
        },
        REMOVED {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
            }
        };

        abstract void to(Path file) throws IOException;
    }

    private Answer verify(String snapshot) {
        return api.post("/snapshots/" + snapshot + "/verify", "");
    }

    private String snapshot(String compression) {
        var id = snapshots.take(guests.newStandby(), "Standby");
        if (!compression.isEmpty()) {
            snapshots.compress(id, "\"algorithm\":\"" + compression + "\"").expect(200);
        }
        return id;
    }

    private Path memory(String snapshot, String suffix) {
        return Snapshots.memory(guests.payload(snapshot)).resolveSibling("memory-ranges" + suffix);
    }

    @Test
    void aSnapshotSaysThatNobodyHasLookedAtItUntilSomebodyHas() {
        var snapshot = snapshot("");
        var before = api.get("/snapshots/" + snapshot).expect(200);

        var verified = verify(snapshot).expect(200);

        assertThat(before.text("health")).isEqualTo("unknown");
        assertThat(before.json().has("health_checked_at")).isFalse();
        assertThat(verified.text("health")).isEqualTo("healthy");
        assertThat(verified.json().has("health_error")).isFalse();
        assertThat(verified.text("health_checked_at")).isGreaterThan(verified.text("created_at"));
        assertThat(api.get("/snapshots/" + snapshot).json()).isEqualTo(verified.json());
        assertThat(api.get("/snapshots?health=healthy").ids()).contains(snapshot);
        assertThat(api.get("/snapshots?health=unknown").ids()).doesNotContain(snapshot);
        api.get("/snapshots?health=fine").refuses(400, "Bad Request", "healthy, damaged, unknown");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', BIT_TURNED",
        "'', '', CUT_SHORT",
        "'', '', REMOVED",
        "zstd, .zst, BIT_TURNED",
        "zstd, .zst, CUT_SHORT",
        "zstd, .zst, REMOVED",
        "lz4, .lz4, BIT_TURNED"
    })
    void aDamagedSnapshotSaysSoIsNotForkedAndIsWholeAgainWhenItsFileIs(String compression, String suffix, Harm harm)
            throws IOException {
        var snapshot = snapshot(compression);
        var other = snapshot(compression);
        var memory = memory(snapshot, suffix);
        var backup = guests.data().resolve("backup-" + snapshot);
        Files.copy(memory, backup);
        harm.to(memory);

        var damaged = verify(snapshot).expect(200);

        assertThat(damaged.text("health")).isEqualTo("damaged");
        assertThat(damaged.text("health_error")).contains("memory-ranges" + suffix);
        assertThat(api.get("/snapshots?health=damaged").expect(200).ids())
                .contains(snapshot)
                .doesNotContain(other);
        var source = damaged.text("source_instance_id");
        snapshots
                .fork(snapshot, "\"name\":\"" + Guests.newName("no") + "\",\"target_state\":\"Standby\"")
                .refuses(409, "snapshot_damaged", "verify it again");
        snapshots
                .restore(source, snapshot, "\"target_state\":\"Standby\"")
                .refuses(409, "snapshot_damaged", "verify it again");
        snapshots.forkToStandby(other);
        var told = EventLog.read(
                entry -> entry.data() != null
                        && String.valueOf(entry.raw().key()).contains(snapshot),
                entry -> entry.type().equals("dev.snapfork.snapshot.damaged.v1"));
        assertThat(told.getLast().json().toString()).contains("memory-ranges" + suffix);

        Files.move(backup, memory, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(verify(snapshot).expect(200).text("health")).isEqualTo("healthy");
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot))))
                .isEqualTo(Sha256.of(guests.memory(source)));
        guests.leaveNothingBehind();
    }

    @ParameterizedTest
    @EnumSource(Harm.class)
    void whoDecodesDamagedMemoryFindsOutAndTheSnapshotSaysSoFromThenOn(Harm harm) throws IOException {
        var snapshot = snapshot("zstd");
        harm.to(memory(snapshot, ".zst"));

        snapshots
                .fork(snapshot, "\"name\":\"" + Guests.newName("no") + "\",\"target_state\":\"Standby\"")
                .refuses(409, "snapshot_damaged", "memory-ranges.zst");

        var shown = Eventually.see(
                LIMIT, () -> api.get("/snapshots/" + snapshot).expect(200), answer -> answer.text("health")
                        .equals("damaged"));
        assertThat(shown.text("health_error")).contains("memory-ranges.zst");
        assertThat(shown.text("compression_state")).isEqualTo("compressed");
        guests.leaveNothingBehind();
    }

    @Test
    void compressingMemoryThatIsNotWhatWasCapturedKeepsItAndSaysSo() throws IOException {
        var snapshot = snapshot("");
        Harm.BIT_TURNED.to(memory(snapshot, ""));

        snapshots.compress(snapshot, "").refuses(409, "snapshot_damaged", "memory-ranges");

        var shown = api.get("/snapshots/" + snapshot).expect(200);
        assertThat(shown.text("health")).isEqualTo("damaged");
        assertThat(shown.text("compression_state")).isEqualTo("error");
        assertThat(memory(snapshot, "")).exists();
        guests.leaveNothingBehind();
    }

    @Test
    void aSnapshotWithoutAReadableRecordIsShownAndCanBeDeleted() throws IOException {
        var snapshot = snapshot("");
        var record = guests.snapshot(snapshot).resolve("snapshot.json");
        Files.writeString(record, "{\"id\":");

        var damaged = verify(snapshot).expect(200);

        assertThat(damaged.text("health")).isEqualTo("damaged");
        assertThat(damaged.text("health_error")).contains("snapshot.json");
        snapshots
                .fork(snapshot, "\"name\":\"" + Guests.newName("no") + "\",\"target_state\":\"Standby\"")
                .refuses(409, "snapshot_damaged", "delete it");
        assertThat(api.get("/snapshots").expect(200).ids()).contains(snapshot);
        api.delete("/snapshots/" + snapshot).expect(204);
        api.get("/snapshots/" + snapshot).expect(404);
        assertThat(EventLog.life(snapshot).getLast().data()).isNull();
        guests.leaveNothingBehind();
    }

    @Test
    void aVerificationIsAnOperationThatAKeyStandsFor() {
        var snapshot = snapshot("");
        var first = api.post("/snapshots/" + snapshot + "/verify", "", "Idempotency-Key", "verify-" + snapshot)
                .expect(200);

        var again = api.post("/snapshots/" + snapshot + "/verify", "", "Idempotency-Key", "verify-" + snapshot)
                .expect(200);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(api.get("/operations?kind=snapshot.verify&snapshot_id=" + snapshot)
                        .expect(200)
                        .ids())
                .hasSize(1);
        api.post("/snapshots/" + "x".repeat(24) + "/verify", "").expect(404);
    }
}
