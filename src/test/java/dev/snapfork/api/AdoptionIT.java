package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.snapfork.operation.Cuid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A data directory that another daemon wrote, as the packaged service finds it at its first start. */
@Timeout(300)
class AdoptionIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long MEMORY_BYTES = 8L << 20;

    private final String instance = Cuid.random(RandomGenerator.getDefault());
    private final String snapshot = Cuid.random(RandomGenerator.getDefault());
    private final String damaged = Cuid.random(RandomGenerator.getDefault());

    @Test
    void itOpensAsItIsAndACompressionThatWasLeftIsDone(@TempDir Path data) throws IOException {
        var original = writeInstance(data);
        writeSnapshot(data);
        writeDamagedSnapshot(data);

        try (var service = ServiceProcess.start("api,worker,projection", data)) {
            var api = ApiClient.at(service.awaitReady());
            var guests = new Guests(data, api);
            var snapshots = new Snapshots(api);

            Eventually.see(LIMIT, () -> api.get("/snapshots/" + snapshot), answer -> answer.status() == 200);
            var compressed = snapshots.settled(snapshot);
            assertThat(compressed.text("compression_state")).isEqualTo("compressed");
            assertThat(compressed.text("name")).isEqualTo("nightly");
            assertThat(compressed.text("tags/team")).isEqualTo("backend");
            assertThat(compressed.text("source_hypervisor")).isEqualTo("cloud-hypervisor");
            assertThat(compressed.text("created_at")).isEqualTo("2026-08-02T03:00:00Z");
            var adopted = api.get("/instances/golden").expect(200);
            assertThat(adopted.id()).isEqualTo(instance);
            assertThat(adopted.text("state")).isEqualTo("Standby");
            assertThat(adopted.text("snapshot_policy/standby_compression_delay"))
                    .isEqualTo("1m0s");
            assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot))))
                    .isEqualTo(original);
            api.get("/snapshots/" + damaged).expect(404);
            snapshots.create(instance, "Standby", ",\"name\":\"nightly\"").expect(409);
            theMetadataKeepWhatIsUnknown(data);
            assertThat(data.resolve("snapshots").resolve(damaged).resolve("snapshot.json"))
                    .hasContent("{\"snapshot\": ");
            assertThat(Snapshots.memory(guests.payload(snapshot)).resolveSibling("memory-ranges.zst.tmp"))
                    .doesNotExist();
        }
    }

    private void theMetadataKeepWhatIsUnknown(Path data) throws IOException {
        var metadata = new ObjectMapper()
                .readTree(data.resolve("guests")
                        .resolve(instance)
                        .resolve("metadata.json")
                        .toFile());
        assertThat(metadata.at("/SomethingNew/0").asInt()).isEqualTo(1);
    }

    private String metadata() {
        return """
                {"Id": "%s", "Name": "golden", "Image": "docker.io/library/nginx:latest", "Platform": "linux/amd64",
                 "Size": 1073741824, "HotplugSize": 0, "OverlaySize": 10737418240, "Vcpus": 2, "DiskIOBps": 0,
                 "Env": {"PORT": "80"}, "Tags": {"team": "backend"}, "NetworkEnabled": true, "IP": "10.100.0.5",
                 "MAC": "02:00:00:ab:cd:ef", "Volumes": null, "CreatedAt": "2026-08-01T10:00:00Z",
                 "StartedAt": "2026-08-01T10:00:01Z", "StoppedAt": null, "HypervisorType": "cloud-hypervisor",
                 "HypervisorPID": null, "SomethingNew": [1],
                 "SnapshotPolicy": {"Compression": {"enabled": true, "algorithm": "zstd", "level": 1},
                                    "StandbyCompressionDelay": 60000000000},
                 "PendingStandbyCompression": null}
                """.formatted(instance);
    }

    /** Writes the instance and returns its memory's digest. */
    private String writeInstance(Path data) throws IOException {
        var directory = Files.createDirectories(data.resolve("guests").resolve(instance));
        Files.writeString(directory.resolve("metadata.json"), metadata());
        return writeMachine(directory);
    }

    private static String writeMachine(Path directory) throws IOException {
        Files.writeString(directory.resolve("overlay.raw"), "disk");
        var latest = Files.createDirectories(directory.resolve("snapshots/snapshot-latest"));
        MemoryImage.write(latest.resolve("memory-ranges"), MEMORY_BYTES, 4, 42);
        return Sha256.of(latest.resolve("memory-ranges"));
    }

    private void writeSnapshot(Path data) throws IOException {
        var directory = data.resolve("snapshots").resolve(snapshot);
        var payload = Files.createDirectories(directory.resolve("guest"));
        writeMachine(payload);
        Files.writeString(payload.resolve("snapshots/snapshot-latest/memory-ranges.zst.tmp"), "half");
        Files.writeString(directory.resolve("snapshot.json"), """
                {"snapshot": {"id": "%s", "name": "nightly", "kind": "Standby", "tags": {"team": "backend"},
                  "source_instance_id": "%s", "source_instance_name": "golden", "SourceHypervisor": "cloud-hypervisor",
                  "created_at": "2026-08-02T03:00:00Z", "size_bytes": 123456789, "compression_state": "compressing",
                  "compression": {"enabled": true, "algorithm": "zstd", "level": 1}},
                 "stored_metadata": %s}
                """.formatted(snapshot, instance, metadata()));
    }

    private void writeDamagedSnapshot(Path data) throws IOException {
        var directory = Files.createDirectories(data.resolve("snapshots").resolve(damaged));
        Files.writeString(directory.resolve("snapshot.json"), "{\"snapshot\": ");
    }
}
