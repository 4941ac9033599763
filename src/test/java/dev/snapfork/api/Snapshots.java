package dev.snapfork.api;

import java.nio.file.Path;
import java.time.Duration;

/** Takes snapshots and waits for them. */
public final class Snapshots {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ApiClient api;

    public Snapshots(ApiClient api) {
        this.api = api;
    }

    /** @param more further fields of the request, after a comma */
    public Answer create(String instance, String kind, String more) {
        return api.post("/instances/" + instance + "/snapshots", "{\"kind\":\"%s\"%s}".formatted(kind, more));
    }

    /** The id of a new snapshot. */
    String take(String instance, String kind) {
        return create(instance, kind, "").expect(201).id();
    }

    Answer fork(String snapshot, String fields) {
        return api.post("/snapshots/" + snapshot + "/fork", "{" + fields + "}");
    }

    /** The id of a new instance in Standby made from the snapshot. */
    public String forkToStandby(String snapshot) {
        return fork(snapshot, "\"name\":\"%s\",\"target_state\":\"Standby\"".formatted(Guests.newName("fork")))
                .expect(201)
                .id();
    }

    Answer restore(String instance, String snapshot, String fields) {
        return api.post("/instances/" + instance + "/snapshots/" + snapshot + "/restore", "{" + fields + "}");
    }

    Answer compress(String snapshot, String fields) {
        return api.post("/snapshots/" + snapshot + "/compress", "{" + fields + "}");
    }

    /** The snapshot when nothing compresses it any more. */
    public Answer settled(String snapshot) {
        return Eventually.see(
                LIMIT, () -> api.get("/snapshots/" + snapshot).expect(200), answer -> !answer.text("compression_state")
                        .equals("compressing"));
    }

    /** The raw memory of a snapshot's payload. */
    static Path memory(Path payload) {
        return payload.resolve("snapshots/snapshot-latest/memory-ranges");
    }
}
