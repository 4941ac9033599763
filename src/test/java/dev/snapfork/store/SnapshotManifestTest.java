package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.snapshot.CompressionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotManifestTest {
    private static final ContentDigest DIGEST = new ContentDigest("xxh64-tree-1m:" + "0a".repeat(32));

    PayloadStore store;
    Path file;
    Path payload;

    @BeforeEach
    void open(@TempDir Path data) throws IOException {
        store = Given.store(data);
        file = store.layout().snapshot(Given.SNAPSHOT).resolve("snapshot.json");
        payload = store.layout().payload(Given.SNAPSHOT);
        Given.write(payload.resolve("overlay.raw"), "disk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SourceHypervisor", "source_hypervisor"})
    void aSnapshotOfAnotherDaemonIsReadWithEitherKeyOfTheHypervisor(String key) throws IOException {
        Given.write(payload.resolve("memory-ranges"), "memory");
        Given.write(file, Given.SNAPSHOT_JSON.replace("SourceHypervisor", key));

        var manifest = found();

        assertThat(manifest.snapshot().sourceHypervisor()).isEqualTo(Hypervisor.QEMU);
        assertThat(manifest.snapshot().name()).isEqualTo("nightly");
        assertThat(manifest.snapshot().sizeBytes()).isEqualTo("disk".length() + "memory".length());
        assertThat(manifest.files())
                .containsExactly(new PayloadFile("memory-ranges", 6, null), new PayloadFile("overlay.raw", 4, null));
        assertThat(manifest.memory()).isEqualTo(MemoryFile.at("memory-ranges"));
        assertThat(manifest.snapshot().compressionState()).isEqualTo(CompressionState.COMPRESSING);
        assertThat(manifest.applied()).isEqualTo(Applied.NOTHING);
    }

    @Test
    void whatIsWrittenIsReadBackWithKeysThatNobodyKnows() throws IOException {
        Given.write(payload.resolve("memory-ranges"), "memory");
        Given.write(file, Given.SNAPSHOT_JSON.replace("SourceHypervisor", "source_hypervisor"));
        store.adoption().adopt(Given.SNAPSHOT);
        var adopted = found();
        var compressed = new MemoryFile("memory-ranges.zst", 6L, DIGEST, 4096L);
        var moved = adopted.withMemory(compressed, new PayloadFile("memory-ranges.zst", 3, DIGEST));
        var config = CompressionConfig.of(CompressionAlgorithm.ZSTD, 3);
        var next = moved.with(
                moved.snapshot().compressed(config, 3, 6L, moved.payloadBytes()),
                Applied.NOTHING
                        .saying(new LastEvent("snapshot.compressed.v1", null, Given.NOW, null))
                        .settling(Given.OPERATION));

        var commit = store.snapshots().replaceManifest(1, next);

        var written = Given.json(Files.readString(file));
        assertThat(commit).isEqualTo(new Commit.Done());
        assertThat(found().snapshot()).isEqualTo(next.snapshot());
        assertThat(found().files()).isEqualTo(next.files());
        assertThat(found().memory()).isEqualTo(compressed);
        assertThat(found().applied()).isEqualTo(next.applied());
        assertThat(written.at("/snapshot/shape").asText()).isEqualTo("round");
        assertThat(written.at("/snapshot/SourceHypervisor").asText()).isEqualTo("qemu");
        assertThat(written.at("/snapshot").has("source_hypervisor")).isFalse();
        assertThat(written.at("/snapshot/size_bytes").asLong()).isEqualTo(7);
        assertThat(written.at("/beside/1").asInt()).isEqualTo(2);
        assertThat(written.at("/stored_metadata")).isEqualTo(Given.json(Given.METADATA));
    }

    @ParameterizedTest
    @CsvSource({
        "memory-ranges, compressed, none, ",
        "memory-ranges, error, error, 3",
        "memory-ranges, compressing, compressing, 3",
        "memory-ranges.zst, compressing, compressing, 3",
        "memory-ranges.zst, none, compressed, 3",
        "memory-ranges.zst, compressed, compressed, 3",
        "snapshots/snapshot-latest/memory.lz4, compressed, compressed, "
    })
    void theCompressionIsWhatLiesOnDiskAndNotWhatTheRecordSays(
            String memory, String recorded, String expected, Integer level) throws IOException {
        Given.write(payload.resolve(memory), "memory");
        Given.write(file, Given.SNAPSHOT_JSON.replace("\"compressing\"", "\"" + recorded + "\""));

        var snapshot = found().snapshot();

        assertThat(snapshot.compressionState().text()).isEqualTo(expected);
        assertThat(
                        snapshot.compression() == null
                                ? null
                                : snapshot.compression().level())
                .isEqualTo(level);
        assertThat(snapshot.compressedSizeBytes()).isEqualTo(memory.endsWith("memory-ranges") ? null : Long.valueOf(6));
    }

    @Test
    void aStandbySnapshotWithoutMemoryIsDamaged() throws IOException {
        Given.write(file, Given.SNAPSHOT_JSON);

        var found = store.snapshots().find(Given.SNAPSHOT);

        assertThat(found)
                .isEqualTo(
                        new Found.Damaged<>(Given.SNAPSHOT.value(), "the payload of a Standby snapshot has no memory"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"id\": \"a1b2           | \"id\": \"zzzz       | snapshot.id names another snapshot",
                "\"kind\": \"Standby\"    | \"kind\": \"Running\" | snapshot.kind is not valid",
                "\"kind\": \"Standby\"    | \"kin\": \"Standby\"  | snapshot.kind is missing",
                "\"source_instance_id\": \"tz | \"source_instance_id\": \"../ | snapshot.source_instance_id is not valid",
                "\"size_bytes\": 1        | \"size_bytes\": -1  | snapshot.size_bytes is negative",
                "\"stored_metadata\"      | \"stored\"          | stored_metadata is missing",
                "\"Vcpus\": 2             | \"Vcpus\": \"two\"  | stored_metadata.Vcpus is not a whole number",
                "{\"snapshot\"            | {\"snap\"           | snapshot is missing",
            })
    void whatIsNoSnapshotIsDamageInWords(String good, String bad, String problem) throws IOException {
        Given.write(payload.resolve("memory-ranges"), "memory");
        Given.write(file, Given.SNAPSHOT_JSON.replace(good, bad));

        var found = store.snapshots().find(Given.SNAPSHOT);

        assertThat(found).isInstanceOfSatisfying(Found.Damaged.class, damaged -> assertThat(damaged.problem())
                .startsWith(problem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../other/overlay.raw", "a/../../b", "a//b", "./a", ""})
    void aManifestThatNamesAFileElsewhereIsDamaged(String path) throws IOException {
        Given.write(
                file,
                Given.SNAPSHOT_JSON.replace(
                        "\"beside\"",
                        "\"snapfork\": {\"version\": 1, \"files\": [{\"path\": \"%s\", \"bytes\": 1}]}, \"beside\""
                                .formatted(path)));

        var found = store.snapshots().find(Given.SNAPSHOT);

        assertThat(found).isInstanceOfSatisfying(Found.Damaged.class, damaged -> assertThat(damaged.problem())
                .startsWith("snapfork.files[0].path"));
    }

    @Test
    void onlyTheLastSettledCommandsAreRemembered() {
        var applied = Applied.NOTHING;
        var random = new java.util.Random(7);
        var operations = java.util.stream.Stream.generate(
                        () -> new dev.snapfork.operation.OperationId(dev.snapfork.operation.Cuid.random(random)))
                .limit(20)
                .toList();

        for (var operation : operations) {
            applied = applied.settling(operation);
        }

        assertThat(applied.operations()).isEqualTo(operations.subList(4, 20));
        assertThat(applied.settling(operations.get(10)).operations()).isEqualTo(List.copyOf(applied.operations()));
    }

    private SnapshotManifest found() throws IOException {
        return ((Found.Present<SnapshotManifest>) store.snapshots().find(Given.SNAPSHOT)).manifest();
    }
}
