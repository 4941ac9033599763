package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.event.EventType;
import dev.snapfork.query.EventContract;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SnapshotEventsTest {
    private static final String PREFIX = "dev.snapfork.snapshot.";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    private Answer history(String id, String query) {
        return api.get("/snapshots/" + id + "/events" + query);
    }

    private List<String> types(String id) {
        return history(id, "")
                .expect(200)
                .json()
                .valueStream()
                .map(event -> event.get("type").asText().substring(PREFIX.length()))
                .toList();
    }

    @Test
    void aHistoryTellsOfTheSnapshotAndOfWhatWasMadeOfIt() {
        var instance = guests.newStandby();
        var id = snapshots.take(instance, "Standby");
        snapshots.compress(id, "").expect(200);
        snapshots.forkToStandby(id);
        snapshots.restore(instance, id, "\"target_state\":\"Standby\"").expect(200);
        api.post("/snapshots/" + id + "/verify", "").expect(200);
        api.delete("/snapshots/" + id).expect(204);

        assertThat(types(id))
                .containsExactly(
                        "deleted.v1",
                        "verified.v1",
                        "restored.v1",
                        "forked.v1",
                        "compression.completed.v1",
                        "compression.started.v1",
                        "created.v1");
        for (var event : history(id, "").json()) {
            EventContract.checkData(EventType.parse(event.get("type").asText()), event.get("data"));
        }
    }

    @Test
    void itIsReadPageByPage() {
        var id = snapshots.take(guests.newStandby(), "Standby");
        snapshots.compress(id, "\"level\":1").expect(200);
        snapshots.compress(id, "\"level\":2").expect(200);
        var all = history(id, "").expect(200).json();
        assertThat(all).hasSize(5);

        var read = new ArrayList<JsonNode>();
        var path = "/snapshots/" + id + "/events?limit=2";
        while (!path.isEmpty()) {
            var page = api.get(path).expect(200);
            page.json().forEach(read::add);
            path = page.header("Link") == null ? "" : Pages.next(page);
        }

        assertThat(read).containsExactlyElementsOf(all);
    }

    @Test
    void aSnapshotThatNobodyKnowsHasNone() {
        history("nobody", "").refuses(404, "not_found", "snapshot not found: nobody");
        history("x".repeat(24), "?limit=0").refuses(400, "Bad Request", "limit");
        history("x".repeat(24), "?cursor=x").refuses(400, "Bad Request", "cursor");
    }
}
