package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.environment.SharedEnvironment;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RebuildTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    @Test
    void aLostReadModelComesBackFromTheLogs() throws Exception {
        var instance = guests.newStandby();
        var kept = snapshots.take(instance, "Standby");
        var deleted = snapshots.take(instance, "Standby");
        snapshots.compress(kept, "").expect(200);
        snapshots.forkToStandby(kept);
        api.delete("/snapshots/" + deleted).expect(204);
        var before = everything();
        var environment = SharedEnvironment.get();
        var sql = environment.probe();
        for (var table : List.of("snapshot_view", "instance_view", "operation_view")) {
            sql.empty(table);
        }
        api.get("/snapshots/" + kept).expect(404);

        var answer = api.post("/read-model/rebuild", "");

        assertThat(answer.expect(202).number("epoch")).isGreaterThan(1);
        Eventually.see(LIMIT, () -> changes(before, everything()), List::isEmpty);
        assertThat(everything()).as("and in the same order").isEqualTo(before);
        api.get("/snapshots/" + deleted).expect(404);
        // what comes next is applied as ever
        snapshots.take(instance, "Standby");
    }

    private List<JsonNode> everything() {
        return Stream.of("/instances", "/snapshots", "/operations")
                .flatMap(list -> api.get(list).expect(200).json().valueStream())
                .toList();
    }

    /** What only one of them has. */
    private static List<String> changes(List<JsonNode> before, List<JsonNode> after) {
        return Stream.concat(
                        before.stream().filter(shown -> !after.contains(shown)).map(shown -> "was " + shown),
                        after.stream().filter(shown -> !before.contains(shown)).map(shown -> "is " + shown))
                .toList();
    }
}
