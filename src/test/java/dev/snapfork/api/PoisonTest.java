package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.operation.Cuid;
import io.quarkus.test.junit.QuarkusTest;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Records that can be read, and hold what PostgreSQL does not keep. */
@QuarkusTest
class PoisonTest {
    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    @Test
    void aRecordThatPostgresRefusesIsPassedOverAndTheNextOnesAreApplied() throws Exception {
        var environment = SharedEnvironment.get();
        var operation = Cuid.random(RandomGenerator.getDefault());

        environment.probe().produce("snapfork.progress", """
                        {"id":"%s","kind":"snapshot.create","status":"running","created_at":"2026-01-01T00:00:00Z",
                        "instance_id":"a\\u0000b"}""".formatted(operation));

        snapshots.take(guests.newStandby(), "Standby");
        api.get("/operations/" + operation).expect(404);
    }

    @Test
    void aBodyWithANulIsRefused() {
        var answer = api.post("/instances/import", """
                {"name":"nul","hypervisor":"qemu","state":"Stopped","directory":"a\\u0000b"}""");

        assertThat(answer.expect(400).text("message")).contains("NUL");
    }
}
