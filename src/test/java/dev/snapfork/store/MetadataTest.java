package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataTest {
    private static final Path DIRECTORY = Path.of("/new/guests/tz4a98xxat96iws9zmbrgj3a");

    @Test
    void metadataOfAForkAreItsOwn() {
        var stored = Given.json(Given.METADATA);
        var id = new InstanceId("f".repeat(24));

        var forked = Metadata.forked(stored, id, "fork", Path.of("/new/guests/fork"), Given.NOW);

        assertThat(stored).isEqualTo(Given.json(Given.METADATA));
        assertThat(forked.get("Name").asText()).isEqualTo("fork");
        assertThat(forked.get("Id").asText()).isEqualTo(id.value());
        assertThat(forked.get("IP").asText()).isEmpty();
        assertThat(forked.get("MAC").asText()).isEmpty();
        assertThat(forked.get("HypervisorPID").isNull()).isTrue();
        assertThat(forked.get("StartedAt").isNull()).isTrue();
        assertThat(forked.get("PendingStandbyCompression").isNull()).isTrue();
        assertThat(forked.get("StoppedAt").asText()).isEqualTo(Given.NOW.toString());
        assertThat(forked.get("CreatedAt").asText()).isEqualTo(Given.NOW.toString());
        assertThat(forked.get("SocketPath").asText()).isEqualTo("/new/guests/fork/ch.sock");
        assertThat(forked.get("VsockSocket").asText()).isEqualTo("/new/guests/fork/run/vsock.sock");
        assertThat(forked.get("DataDir").asText()).isEqualTo("/new/guests/fork");
        for (var kept : List.of("VsockCID", "Env", "Tags", "SnapshotPolicy", "Volumes", "FromTheFuture")) {
            assertThat(forked.get(kept)).as(kept).isEqualTo(stored.get(kept));
        }
        var instance = InstanceManifest.first(id, forked, InstanceState.STOPPED, false, Applied.NOTHING)
                .instance();
        assertThat(instance.env()).isEqualTo(Map.of("PORT", "80"));
        assertThat(instance.network()).isEqualTo(new Network(true, "default", null, null));
    }

    @Test
    void aRestoredInstanceKeepsItsIdentityAndTakesTheRestFromTheSnapshot() {
        var stored = Given.json(Given.METADATA);
        var current = Given.json(Given.METADATA).put("Name", "renamed").put("CreatedAt", "2020-01-01T00:00:00Z");
        current.putObject("Env").put("PORT", "81");

        var restored = Metadata.restored(stored, current, Given.INSTANCE, DIRECTORY, Given.NOW);

        assertThat(restored.get("Name").asText()).isEqualTo("renamed");
        assertThat(restored.get("CreatedAt").asText()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(restored.get("Env")).isEqualTo(stored.get("Env"));
        assertThat(restored.get("IP")).isEqualTo(stored.get("IP"));
        assertThat(restored.get("HypervisorPID").isNull()).isTrue();
    }

    @Test
    void anImportKeepsWhatTheRequestDoesNotSay() {
        var existing = Given.json(Given.METADATA);
        existing.putObject("Snapfork").put("version", 12);

        var imported = Metadata.imported(
                existing, Given.INSTANCE, "imported", Hypervisor.QEMU, Map.of(), null, DIRECTORY, Given.NOW);

        assertThat(imported.get("Name").asText()).isEqualTo("imported");
        assertThat(imported.get("HypervisorType").asText()).isEqualTo("qemu");
        assertThat(imported.get("CreatedAt")).isEqualTo(existing.get("CreatedAt"));
        assertThat(imported.get("Tags")).isEqualTo(existing.get("Tags"));
        assertThat(imported.get("SnapshotPolicy")).isEqualTo(existing.get("SnapshotPolicy"));
        assertThat(imported.has("Snapfork")).isFalse();
    }
}
