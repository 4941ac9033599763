package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.Network;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.instance.Volume;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.operation.Particulars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InstanceManifestTest {
    PayloadStore store;
    Path file;

    @BeforeEach
    void open(@TempDir Path data) throws IOException {
        store = Given.store(data);
        file = store.layout().guest(Given.INSTANCE).resolve("metadata.json");
    }

    @Test
    void theMetadataOfAnotherDaemonAreReadAsTheApiShowsThem() throws IOException {
        Given.write(file, Given.METADATA);

        var instance = found().instance();

        assertThat(instance.name()).isEqualTo("golden");
        assertThat(instance.size()).isEqualTo(ByteSize.parse("1GB"));
        assertThat(instance.overlaySize()).isEqualTo(ByteSize.parse("10GB"));
        assertThat(instance.vcpus()).isEqualTo(2);
        assertThat(instance.env()).isEqualTo(Map.of("PORT", "80"));
        assertThat(instance.network()).isEqualTo(new Network(true, "default", "10.100.0.5", "02:00:00:ab:cd:ef"));
        assertThat(instance.volumes()).isEqualTo(List.of(new Volume("vol-1", "/mnt", true, false, new ByteSize(0))));
        assertThat(instance.createdAt()).isEqualTo(Instant.parse("2026-08-01T10:00:00.123456789Z"));
        assertThat(instance.stoppedAt()).isNull();
        assertThat(instance.hypervisor()).isEqualTo(Hypervisor.CLOUD_HYPERVISOR);
        assertThat(instance.snapshotPolicy())
                .isEqualTo(
                        new SnapshotPolicy(CompressionConfig.of(CompressionAlgorithm.ZSTD, 1), GoDuration.parse("1m")));
        assertThat(instance.state()).isEqualTo(InstanceState.STOPPED);
        assertThat(instance.version()).isEqualTo(1);
    }

    @Test
    void aKeptSnapshotMeansStandbyWhereTheStateIsNotStored() throws IOException {
        Given.write(file, Given.METADATA);
        Files.createDirectories(file.resolveSibling("snapshots/snapshot-latest"));

        var instance = found().instance();

        assertThat(instance.state()).isEqualTo(InstanceState.STANDBY);
        assertThat(instance.hasSnapshot()).isTrue();
    }

    @Test
    void nothingButAnObjectIsNeeded() throws IOException {
        Given.write(
                file, "{\"Name\": null, \"Volumes\": null, \"Env\": null, \"CreatedAt\": \"0001-01-01T00:00:00Z\"}");
        var written = Files.getLastModifiedTime(file).toInstant();

        var instance = found().instance();

        assertThat(instance.name()).isEqualTo(Given.INSTANCE.value());
        assertThat(instance.createdAt()).isEqualTo(written);
        assertThat(instance.hypervisor()).isEqualTo(Hypervisor.CLOUD_HYPERVISOR);
        assertThat(instance.network()).isEqualTo(new Network(false, null, null, null));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        var operation = Given.LATER_OPERATION;
        var written = Given.instance(InstanceState.STANDBY)
                .next(
                        Given.json(Given.METADATA),
                        InstanceState.STOPPED,
                        false,
                        Applied.NOTHING
                                .saying(new LastEvent(
                                        "instance.changed.v1", operation, Given.NOW, Given.SNAPSHOT.value()))
                                .settling(operation));
        var directory = Files.createDirectories(store.layout().guest(Given.INSTANCE));

        InstanceManifestFile.write(directory, written, directory);

        assertThat(found()).isEqualTo(written);
        assertThat(written.version()).isEqualTo(2);
    }

    static Stream<Particulars> particulars() {
        return Stream.of(
                Particulars.NONE,
                Particulars.ofPause(0),
                Particulars.ofPause(12),
                new Particulars(null, new IdentityReset(List.of(), Map.of())),
                new Particulars(
                        7L,
                        new IdentityReset(
                                List.of("mac", "hostname"),
                                Map.of("clock", "no agent answers", "entropy", "\u00E9 \"x\""))));
    }

    @ParameterizedTest
    @MethodSource("particulars")
    void whatTheLastEventToldBesideTheStateIsReadBack(Particulars told) throws IOException {
        var operation = Given.LATER_OPERATION;
        var event = new LastEvent("instance.forked.v1", operation, Given.NOW, Given.INSTANCE.value(), told);
        var written = Given.instance(InstanceState.STANDBY)
                .with(Applied.NOTHING.saying(event).settling(operation));
        var directory = Files.createDirectories(store.layout().guest(Given.INSTANCE));

        InstanceManifestFile.write(directory, written, directory);

        assertThat(found().applied()).isEqualTo(written.applied());
    }

    @Test
    void particularsThatAreNoneAreDamage() throws IOException {
        var event = new LastEvent("instance.forked.v1", null, Given.NOW, null, Particulars.ofPause(12));
        var directory = Files.createDirectories(store.layout().guest(Given.INSTANCE));
        var written = Given.instance(InstanceState.STANDBY).with(Applied.NOTHING.saying(event));
        InstanceManifestFile.write(directory, written, directory);

        for (var wrong : List.of("-1", "\"long\"", "1.5")) {
            var text = Files.readString(file);
            Files.writeString(file, text.replaceFirst("\"pause_ms\" ?: ?[^,}\\s]+", "\"pause_ms\":" + wrong));
            assertThat(store.instances().find(Given.INSTANCE)).as(wrong).isInstanceOf(Found.Damaged.class);
        }
    }

    @Test
    void keysThatNobodyKnowsAreWrittenBackToTheLastDigit() throws IOException {
        Given.write(file, Given.METADATA);
        var read = found();

        store.adoption().adopt(Given.INSTANCE);

        var before = Given.json(Given.METADATA);
        var after = Given.json(Files.readString(file));
        assertThat(after.get("FromTheFuture")).isEqualTo(before.get("FromTheFuture"));
        assertThat(after.get("VsockCID")).isEqualTo(before.get("VsockCID"));
        assertThat(after.has("Snapfork")).isTrue();
        assertThat(read.storedMetadata().has("Snapfork")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "                                    | metadata.json is not",
                "{                                   | metadata.json is not JSON",
                "{} x                                | metadata.json is not JSON",
                "[]                                  | metadata.json is not a JSON object",
                "null                                | metadata.json is not a JSON object",
                "{\"Id\": \"bbbbbbbbbbbbbbbbbbbbbbbb\"} | Id names another instance",
                "{\"Id\": \"../../etc\"}              | Id is not valid",
                "{\"Name\": 7}                        | Name is not a string",
                "{\"Size\": 1.5}                      | Size is not a whole number",
                "{\"Size\": -1}                       | Size is negative",
                "{\"Vcpus\": 3000000000}              | Vcpus is too large",
                "{\"Env\": {\"A\": 1}}                | Env.A is not a string",
                "{\"Env\": []}                        | Env is not an object",
                "{\"Volumes\": {}}                    | Volumes is not an array",
                "{\"Volumes\": [3]}                   | Volumes is not an array of objects",
                "{\"Volumes\": [{}]}                  | Volumes[0].VolumeID is missing",
                "{\"CreatedAt\": \"yesterday\"}       | CreatedAt is not an RFC 3339 time",
                "{\"HypervisorType\": \"xen\"}        | HypervisorType is not valid",
                "{\"NetworkEnabled\": \"yes\"}        | NetworkEnabled is neither true nor false",
                "{\"Snapfork\": {\"state\": \"Stopped\"}} | Snapfork.version is not a version",
                "{\"Snapfork\": {\"version\": 1}}     | Snapfork.state is missing",
                "{\"Snapfork\": 5}                    | Snapfork is not an object",
            })
    void whatIsNoMetadataIsDamageInWords(String content, String problem) throws IOException {
        Given.write(file, content == null ? "" : content);

        var found = store.instances().find(Given.INSTANCE);

        assertThat(found).isInstanceOfSatisfying(Found.Damaged.class, damaged -> {
            assertThat(damaged.id()).isEqualTo(Given.INSTANCE.value());
            assertThat(damaged.problem()).startsWith(problem);
        });
    }

    @Test
    void whatIsNoRegularFileIsDamageAndIsNotWaitedFor() throws IOException {
        Files.createDirectories(file.getParent());
        Given.fifo(file);

        var found = store.instances().find(Given.INSTANCE);

        assertThat(found).isEqualTo(new Found.Damaged<>(Given.INSTANCE.value(), "metadata.json is not a regular file"));
    }

    @Test
    void anInstanceThatIsNotThereIsAbsent() throws IOException {
        var found = store.instances().find(Given.INSTANCE);

        assertThat(found).isEqualTo(new Found.Absent<>());
    }

    private InstanceManifest found() throws IOException {
        return ((Found.Present<InstanceManifest>) store.instances().find(Given.INSTANCE)).manifest();
    }
}
