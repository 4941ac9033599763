package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.file.SparseFile;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class ForkTest {
    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    @Test
    void aForkIsANewInstanceWithTheMemoryOfTheSnapshotAndNoAddresses() throws IOException {
        var name = Guests.newName("source");
        Files.writeString(guests.standby(name).resolve("metadata.json"), """
                {"Image": "nginx", "Env": {"PORT": "80"}, "NetworkEnabled": true, "IP": "10.0.0.5", "MAC": "02:00:00:00:00:05"}
                """);
        var source = guests.imported(
                        name,
                        "Standby",
                        ",\"tags\":{\"team\":\"x\"},\"snapshot_policy\":{\"standby_compression_delay\":\"30s\"}")
                .expect(201);
        var snapshot = snapshots.take(source.id(), "Standby");
        var forkName = Guests.newName("fork");

        var fork = snapshots
                .fork(snapshot, "\"name\":\"%s\",\"target_state\":\"Standby\"".formatted(forkName))
                .expect(201);

        assertThat(fork.id()).isNotEqualTo(source.id());
        assertThat(fork.text("name")).isEqualTo(forkName);
        assertThat(fork.text("state")).isEqualTo("Standby");
        assertThat(fork.text("env/PORT")).isEqualTo("80");
        assertThat(fork.text("tags/team")).isEqualTo("x");
        assertThat(fork.text("snapshot_policy/standby_compression_delay")).isEqualTo("30s");
        assertThat(source.text("network/ip")).isEqualTo("10.0.0.5");
        assertThat(fork.text("network/ip")).isEmpty();
        assertThat(fork.text("network/mac")).isEmpty();
        assertThat(api.get("/instances/" + fork.id()).expect(200).json()).isEqualTo(fork.json());
        assertThat(Sha256.of(guests.memory(fork.id()))).isEqualTo(Sha256.of(guests.memory(source.id())));
        assertThat(SparseFile.allocatedBytes(guests.memory(fork.id()))).isLessThan(Guests.MEMORY_BYTES / 2);
        assertThat(guests.guest(fork.id()).resolve("rootfs")).isSymbolicLink();
    }

    @Test
    void aForkInStoppedKeepsTheDisksAndDropsTheMemory() {
        var snapshot = snapshots.take(guests.newStandby(), "Standby");

        var fork = snapshots
                .fork(snapshot, "\"name\":\"%s\",\"target_state\":\"Stopped\"".formatted(Guests.newName("fork")))
                .expect(201);

        assertThat(fork.text("state")).isEqualTo("Stopped");
        assertThat(fork.json().get("has_snapshot").asBoolean()).isFalse();
        assertThat(guests.guest(fork.id()).resolve("overlay.raw")).exists();
        assertThat(guests.guest(fork.id()).resolve("snapshots/snapshot-latest")).doesNotExist();
    }

    @Test
    void aStoppedSnapshotForksToStoppedUnlessAskedOtherwise() {
        var snapshot = snapshots.take(guests.newStopped(), "Stopped");

        var fork = snapshots.fork(snapshot, "\"name\":\"%s\"".formatted(Guests.newName("fork")));

        assertThat(fork.expect(201).text("state")).isEqualTo("Stopped");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Standby | ``                                                           | 501 | not_supported   | cloud-hypervisor
            Standby | ,"target_state":"Running"                                    | 501 | not_supported   | cloud-hypervisor
            Stopped | ,"target_state":"Running"                                    | 501 | not_supported   | cloud-hypervisor
            Stopped | ,"target_state":"Standby"                                    | 400 | invalid_request | has no memory
            Standby | ,"target_hypervisor":"cloud-hypervisor"                      | 400 | invalid_request | target_hypervisor is allowed for Stopped
            Standby | ,"target_state":"Standby","target_hypervisor":"qemu"         | 400 | invalid_request | target_hypervisor is allowed for Stopped
            Stopped | ,"target_hypervisor":"qemu"                                  | 400 | invalid_request | not offered by any worker
            Stopped | ,"target_state":"Paused"                                     | 400 | Bad Request     | target_state
            Stopped | ,"target_hypervisor":"xen"                                   | 400 | Bad Request     | target_hypervisor
            """)
    void aTargetThatCannotBeReachedIsRefusedAndNothingIsLeftBehind(
            String kind, String more, int status, String code, String message) throws IOException {
        var instance = kind.equals("Standby") ? guests.newStandby() : guests.newStopped();
        var snapshot = snapshots.take(instance, kind);
        var name = Guests.newName("fork");
        var guestsBefore = children(guests.data().resolve("guests"));

        var answer = snapshots.fork(snapshot, "\"name\":\"" + name + "\"" + more);

        answer.refuses(status, code, message);
        assertThat(answer.header("x-should-retry")).isEqualTo(status == 501 ? "false" : null);
        assertThat(children(guests.data().resolve("guests"))).containsExactlyInAnyOrderElementsOf(guestsBefore);
        guests.leaveNothingBehind();
        api.get("/instances/" + name).expect(404);
        snapshots
                .fork(snapshot, "\"name\":\"%s\",\"target_state\":\"Stopped\"".formatted(name))
                .expect(201);
    }

    private static List<Path> children(Path directory) throws IOException {
        try (var children = Files.list(directory)) {
            return children.toList();
        }
    }

    @Test
    void theSourcesOwnHypervisorMayBeNamedForAStoppedSnapshot() {
        var snapshot = snapshots.take(guests.newStopped(), "Stopped");

        snapshots
                .fork(
                        snapshot,
                        "\"name\":\"%s\",\"target_hypervisor\":\"cloud-hypervisor\"".formatted(Guests.newName("fork")))
                .expect(201);
    }

    @Test
    void aTakenNameIsAConflict() {
        var snapshot = snapshots.take(guests.newStopped(), "Stopped");
        var name = Guests.newName("fork");
        snapshots.fork(snapshot, "\"name\":\"%s\"".formatted(name)).expect(201);

        var answer = snapshots.fork(snapshot, "\"name\":\"%s\"".formatted(name));

        answer.refuses(409, "conflict", "instance name " + name + " is taken");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
    }

    @ParameterizedTest
    @CsvSource({"{}", "'{\"name\":\"Upper\"}'", "'{\"name\":null}'"})
    void aForkNeedsAName(String body) {
        var snapshot = snapshots.take(guests.newStopped(), "Stopped");

        api.post("/snapshots/" + snapshot + "/fork", body).refuses(400, "Bad Request", "name");
    }

    @Test
    void forksLeaveTheSnapshotAsItIsByteForByte() throws IOException {
        var snapshot = snapshots.take(guests.newStandby(), "Standby");
        var before = digests(guests.snapshot(snapshot));
        var shown = api.get("/snapshots/" + snapshot).json();

        for (var i = 0; i < 3; i++) {
            var fork = snapshots.forkToStandby(snapshot);
            // what the fork does with its own files is its own affair
            Files.writeString(guests.memory(fork), "overwritten");
            Files.writeString(guests.guest(fork).resolve("overlay.raw"), "overwritten");
        }

        assertThat(digests(guests.snapshot(snapshot))).isEqualTo(before);
        assertThat(api.get("/snapshots/" + snapshot).json()).isEqualTo(shown);
    }

    private static List<String> digests(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .map(file -> file + " " + Sha256.of(file))
                    .toList();
        }
    }
}
