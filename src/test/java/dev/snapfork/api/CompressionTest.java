package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snapfork.file.SparseFile;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class CompressionTest {
    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    private static String compression(String algorithm, int level) {
        return "\"algorithm\":\"%s\",\"level\":%d".formatted(algorithm, level);
    }

    @ParameterizedTest
    @CsvSource({"zstd,1,zst", "zstd,3,zst", "zstd,19,zst", "lz4,0,lz4", "lz4,1,lz4", "lz4,9,lz4"})
    void aForkOfACompressedSnapshotHasTheOriginalMemory(String algorithm, int level, String suffix)
            throws IOException, InterruptedException {
        var instance = guests.newStandby();
        var original = Sha256.of(guests.memory(instance));
        var created = snapshots
                .create(
                        instance,
                        "Standby",
                        ",\"compression\":{\"enabled\":true,%s}".formatted(compression(algorithm, level)))
                .expect(201);

        var snapshot = snapshots.settled(created.id());
        var fork = snapshots.forkToStandby(created.id());

        assertThat(created.text("compression_state")).isEqualTo("compressing");
        assertThat(snapshot.text("compression_state")).isEqualTo("compressed");
        assertThat(snapshot.text("compression/algorithm")).isEqualTo(algorithm);
        assertThat(snapshot.number("compression/level")).isEqualTo(level);
        var memory = Snapshots.memory(guests.payload(created.id()));
        var compressed = memory.resolveSibling("memory-ranges." + suffix);
        assertThat(memory).doesNotExist();
        assertThat(snapshot.number("compressed_size_bytes")).isEqualTo(Files.size(compressed));
        assertThat(snapshot.number("uncompressed_size_bytes")).isEqualTo(Guests.MEMORY_BYTES);
        assertThat(snapshot.number("size_bytes"))
                .isEqualTo(created.number("size_bytes") - Guests.MEMORY_BYTES + Files.size(compressed));
        assertThat(Sha256.of(guests.memory(fork))).isEqualTo(original);
        assertThat(SparseFile.allocatedBytes(guests.memory(fork))).isLessThan(Guests.MEMORY_BYTES / 2);
        assertDecodedByItsOwnTool(algorithm, compressed, original);
    }

    /** The reference implementation reads the file back. */
    private void assertDecodedByItsOwnTool(String tool, Path compressed, String original)
            throws IOException, InterruptedException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool))),
                "the command-line tool " + tool + " is not installed: the file was not read back with it");
        var decoded = Files.createTempDirectory(guests.data(), "decoded").resolve("memory");
        var process = new ProcessBuilder(List.of(tool, "-d", "-q", "-f", compressed.toString(), decoded.toString()));
        if (tool.equals("zstd")) {
            process.command(List.of(tool, "-d", "-q", compressed.toString(), "-o", decoded.toString()));
        }
        var running = process.inheritIO().start();
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).isZero();
        assertThat(Sha256.of(decoded)).isEqualTo(original);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                  | ``                                        | none        |      |
            {"enabled":true}                                    | ``                                        | compressed  | zstd | 1
            {"enabled":true,"algorithm":"lz4"}                  | ``                                        | compressed  | lz4  | 0
            ``                                                  | {"enabled":true,"algorithm":"lz4","level":2} | compressed | lz4  | 2
            {"enabled":true,"level":2}                          | {"enabled":true,"algorithm":"lz4"}        | compressed  | zstd | 2
            {"enabled":false}                                   | {"enabled":true,"algorithm":"lz4"}        | none        |      |
            {"enabled":true}                                    | {"enabled":false}                         | compressed  | zstd | 1
            ``                                                  | {"enabled":false,"level":5}               | none        |      |
            """)
    void theRequestComesBeforeThePolicyAndDisabledEndsTheSearch(
            String request, String policy, String state, String algorithm, Integer level) {
        var instance = guests.newStandby(
                policy.isEmpty() ? "" : ",\"snapshot_policy\":{\"compression\":%s}".formatted(policy));

        var created = snapshots.create(instance, "Standby", request.isEmpty() ? "" : ",\"compression\":" + request);

        var snapshot = snapshots.settled(created.expect(201).id());
        assertThat(snapshot.text("compression_state")).isEqualTo(state);
        assertThat(snapshot.text("compression/algorithm")).isEqualTo(algorithm == null ? "" : algorithm);
        assertThat(snapshot.number("compression/level")).isEqualTo(level == null ? 0 : level);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Standby | {"enabled":true,"level":0}                     | level must be between 1 and 19 for zstd, got 0
            Standby | {"enabled":true,"algorithm":"lz4","level":10}  | level must be between 0 and 9 for lz4, got 10
            Standby | {"enabled":false,"algorithm":"lz4","level":19} | level must be between 0 and 9 for lz4, got 19
            Stopped | {"enabled":true}                               | Standby snapshots
            Stopped | {"enabled":false,"level":0}                    | level must be between 1 and 19 for zstd, got 0
            """)
    void compressionThatCannotBeIsRefused(String kind, String compression, String message) {
        var instance = kind.equals("Standby") ? guests.newStandby() : guests.newStopped();

        snapshots
                .create(instance, kind, ",\"compression\":" + compression)
                .refuses(400, "invalid_snapshot_compression", message);

        assertThat(api.get("/snapshots?source_instance_id=" + instance).ids()).isEmpty();
    }

    @Test
    void anInheritedPolicyDoesNotConcernStoppedSnapshots() {
        var name = Guests.newName("policy");
        guests.stopped(name);
        var instance = guests.imported(name, "Stopped", ",\"snapshot_policy\":{\"compression\":{\"enabled\":true}}")
                .expect(201)
                .id();

        var snapshot = snapshots.create(instance, "Stopped", "").expect(201);

        assertThat(snapshot.text("compression_state")).isEqualTo("none");
        assertThat(snapshots
                        .create(instance, "Stopped", ",\"compression\":{\"enabled\":false}")
                        .expect(201)
                        .text("compression_state"))
                .isEqualTo("none");
    }

    @Test
    void aSnapshotCanBeCompressedLaterAndAnewInAnotherWay() {
        var instance = guests.newStandby();
        var original = Sha256.of(guests.memory(instance));
        var id = snapshots.take(instance, "Standby");
        var memory = Snapshots.memory(guests.payload(id));

        for (var wish : List.of("zstd,1,zst", "zstd,5,zst", "lz4,0,lz4", "lz4,4,lz4", "zstd,1,zst")) {
            var parts = wish.split(",", -1);
            var answer = snapshots
                    .compress(id, compression(parts[0], Integer.parseInt(parts[1])))
                    .expect(200);

            assertThat(answer.text("compression_state")).isEqualTo("compressed");
            assertThat(answer.text("compression/algorithm")).isEqualTo(parts[0]);
            assertThat(answer.text("compression/level")).isEqualTo(parts[1]);
            assertThat(api.get("/snapshots/" + id).json()).isEqualTo(answer.json());
            assertThat(memory.getParent())
                    .isDirectoryNotContaining(
                            file -> file.getFileName().toString().startsWith("memory")
                                    && !file.getFileName().toString().equals("memory-ranges." + parts[2]));
            assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(id)))).isEqualTo(original);
        }
        guests.leaveNothingBehind();
    }

    @Test
    void compressingTheSameWayAgainChangesNothing() {
        var id = snapshots.take(guests.newStandby(), "Standby");
        var first = snapshots.compress(id, "").expect(200);

        var second = snapshots.compress(id, compression("zstd", 1)).expect(200);

        assertThat(second.json()).isEqualTo(first.json());
    }

    @Test
    void aStoppedSnapshotHasNothingToCompress() {
        var id = snapshots.take(guests.newStopped(), "Stopped");

        snapshots.compress(id, "").refuses(400, "invalid_snapshot_compression", "Stopped");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "algorithm":"lz4","level":12 | 400 | invalid_snapshot_compression | level must be between 0 and 9 for lz4, got 12
            "level":0                    | 400 | invalid_snapshot_compression | level must be between 1 and 19 for zstd, got 0
            "level":20                   | 400 | Bad Request                  | level
            "algorithm":"xz"             | 400 | Bad Request                  | algorithm
            """)
    void aWayOfCompressingThatDoesNotExistIsRefused(String fields, int status, String code, String message) {
        var id = snapshots.take(guests.newStandby(), "Standby");

        snapshots.compress(id, fields).refuses(status, code, message);

        assertThat(api.get("/snapshots/" + id).text("compression_state")).isEqualTo("none");
    }

    @Test
    void aSnapshotThatIsNotThereCannotBeCompressed() {
        snapshots.compress("a".repeat(24), "").refuses(404, "not_found", "snapshot not found");
    }
}
