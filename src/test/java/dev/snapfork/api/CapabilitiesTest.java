package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What a process says that it can do. */
@QuarkusTest
class CapabilitiesTest {
    private final ApiClient api = ApiClient.ofTheService();

    private JsonNode capabilities() {
        return api.get("/capabilities").expect(200).json();
    }

    @Test
    void aWorkerTellsOfItsHost() {
        var found = capabilities();

        assertThat(found.get("version").asText()).isNotEqualTo("unknown");
        assertThat(found.get("roles").valueStream().map(JsonNode::asText))
                .containsExactly("api", "worker", "projection", "scheduler");
        assertThat(found.get("workers").asText()).isEqualTo("this_process");
        assertThat(found.at("/host/reflinks").isBoolean()).isTrue();
        assertThat(found.at("/host/free_bytes").asLong()).isPositive();
        assertThat(found.at("/host/limits/max_in_flight").asInt()).isEqualTo(64);
    }

    @Test
    void aHypervisorThatIsNotThereSaysWhy() {
        var found = capabilities().at("/host/hypervisors");

        assertThat(found.valueStream().map(one -> one.get("name").asText()))
                .containsExactlyInAnyOrder("cloud-hypervisor", "firecracker", "qemu", "qemu-microvm", "vz");
        assertThat(found.valueStream())
                .filteredOn(one -> one.get("name").asText().equals("qemu"))
                .singleElement()
                .satisfies(qemu -> {
                    assertThat(qemu.get("available").asBoolean()).isFalse();
                    assertThat(qemu.get("reason").asText()).contains("/nonexistent/qemu");
                });
    }

    @Test
    void codecsAndLimitsAreThoseThatRequestsAreHeldTo() {
        var found = capabilities();
        var snapshot = new Snapshots(api).take(Guests.ofTheService(api).newStandby(), "Standby");

        for (var codec : found.get("codecs")) {
            var level = codec.get("max_level").asInt() + 1;
            api.post(
                            "/snapshots/" + snapshot + "/compress",
                            "{\"algorithm\":\"%s\",\"level\":%d}"
                                    .formatted(codec.get("algorithm").asText(), level))
                    .expect(400);
        }
        assertThat(found.at("/limits/answer_wait_seconds").asLong()).isEqualTo(60);
        assertThat(found.at("/limits/max_waiting").asInt()).isEqualTo(1024);
    }
}
