package dev.snapfork.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Snapshots of one service and forks of them, which can be deleted together. */
final class Forks {
    private final LocalService service;
    private final List<String> made = new ArrayList<>();
    private int count;

    Forks(LocalService service) {
        this.service = service;
    }

    /** The id of a raw snapshot of a new instance that has this memory. */
    String snapshot(Image image) throws IOException {
        return snapshotOf(service.importStandby(image));
    }

    /** The id of a raw snapshot of an instance. */
    String snapshotOf(String instance) throws IOException {
        return service.api().post("/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}");
    }

    /** Forks a snapshot; returns the seconds from call to answer. */
    double timed(String snapshot) throws IOException {
        var name = "fork-" + ++count;
        made.add(name);
        return service.api()
                .timedPost(
                        "/snapshots/" + snapshot + "/fork", "{\"name\":\"" + name + "\",\"target_state\":\"Standby\"}");
    }

    /** Deletes every fork so far. */
    void delete() throws IOException {
        for (var name : made) {
            service.api().delete("/instances/" + name);
        }
        made.clear();
    }
}
