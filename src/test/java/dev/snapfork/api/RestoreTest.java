package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class RestoreTest {
    private static final String TO_STANDBY = "\"target_state\":\"Standby\"";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``
            ,"compression":{"enabled":true}
            ,"compression":{"enabled":true,"algorithm":"lz4"}
            """)
    void theInstanceIsPutBackToWhatWasCaptured(String compression) throws IOException {
        var instance = guests.newStandby();
        var memory = Sha256.of(guests.memory(instance));
        var disk = Sha256.of(guests.guest(instance).resolve("overlay.raw"));
        var snapshot =
                snapshots.create(instance, "Standby", compression).expect(201).id();
        var shown = snapshots.settled(snapshot).json();
        Files.writeString(guests.guest(instance).resolve("overlay.raw"), "written since");
        Files.delete(guests.memory(instance));
        Files.writeString(guests.guest(instance).resolve("new-file"), "made since");

        var answer = snapshots.restore(instance, snapshot, TO_STANDBY).expect(200);

        assertThat(answer.id()).isEqualTo(instance);
        assertThat(answer.text("state")).isEqualTo("Standby");
        assertThat(Sha256.of(guests.memory(instance))).isEqualTo(memory);
        assertThat(Sha256.of(guests.guest(instance).resolve("overlay.raw"))).isEqualTo(disk);
        assertThat(guests.guest(instance).resolve("new-file")).doesNotExist();
        assertThat(api.get("/instances/" + instance).expect(200).json()).isEqualTo(answer.json());
        assertThat(api.get("/snapshots/" + snapshot).expect(200).json()).isEqualTo(shown);
        guests.leaveNothingBehind();
    }

    @Test
    void theInstanceEndsInTheStateAskedFor() {
        var instance = guests.newStandby();
        var standby = snapshots.take(instance, "Standby");

        var stopped = snapshots
                .restore(instance, standby, "\"target_state\":\"Stopped\"")
                .expect(200);
        var captured = snapshots.take(instance, "Stopped");
        var back = snapshots.restore(instance, standby, TO_STANDBY).expect(200);
        var again = snapshots.restore(instance, captured, "").expect(200);

        assertThat(stopped.text("state")).isEqualTo("Stopped");
        assertThat(back.text("state")).isEqualTo("Standby");
        assertThat(again.text("state")).isEqualTo("Stopped");
        assertThat(again.number("version")).isEqualTo(4);
    }

    @Test
    void aSnapshotOfAnotherInstanceIsRefused() {
        var owner = guests.newStandby();
        var other = guests.newStandby();
        var snapshot = snapshots.take(owner, "Standby");

        snapshots
                .restore(other, snapshot, TO_STANDBY)
                .refuses(400, "invalid_request", "snapshot " + snapshot + " belongs to instance " + owner);
    }

    @Test
    void anInstanceThatWasDeletedCannotBePutBack() {
        var instance = guests.newStandby();
        var snapshot = snapshots.take(instance, "Standby");
        api.delete("/instances/" + instance).expect(204);

        snapshots.restore(instance, snapshot, TO_STANDBY).refuses(404, "not_found", instance);

        api.get("/snapshots/" + snapshot).expect(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                       | 501 | not_supported   | cloud-hypervisor
            "target_state":"Running"                                 | 501 | not_supported   | cloud-hypervisor
            "target_state":"Standby","target_hypervisor":"firecracker" | 400 | invalid_request | target_hypervisor
            "target_state":"Gone"                                    | 400 | Bad Request     | target_state
            """)
    void aTargetThatCannotBeReachedChangesNothing(String fields, int status, String code, String message) {
        var instance = guests.newStandby();
        var before = api.get("/instances/" + instance).json();
        var memory = Sha256.of(guests.memory(instance));
        var snapshot = snapshots.take(instance, "Standby");

        snapshots.restore(instance, snapshot, fields).refuses(status, code, message);

        assertThat(api.get("/instances/" + instance).json()).isEqualTo(before);
        assertThat(Sha256.of(guests.memory(instance))).isEqualTo(memory);
    }

    @Test
    void aSnapshotThatIsNotThereIsNotFound() {
        snapshots
                .restore(guests.newStandby(), "a".repeat(24), TO_STANDBY)
                .refuses(404, "not_found", "snapshot not found");
    }
}
