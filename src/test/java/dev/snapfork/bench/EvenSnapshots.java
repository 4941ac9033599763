package dev.snapfork.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Snapshots of one instance, as many in each partition of the compressions as in any other: so workers with equally many partitions
 * have equally much to do, as they have in the long run.
 */
record EvenSnapshots(Api api, List<String> ids) {

    /** Takes them, and deletes those that a partition has too many of. */
    static EvenSnapshots of(Api api, String instance, int inEachPartition) throws IOException {
        var counts = new int[CompressorGroup.PARTITIONS];
        var kept = new ArrayList<String>();
        while (kept.size() < counts.length * inEachPartition) {
            var id = api.post("/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}");
            var partition = CompressorGroup.partition(id);
            if (counts[partition] < inEachPartition) {
                counts[partition]++;
                kept.add(id);
            } else {
                api.delete("/snapshots/" + id);
            }
        }
        return new EvenSnapshots(api, List.copyOf(kept));
    }

    void delete() throws IOException {
        for (var id : ids) {
            api.delete("/snapshots/" + id);
        }
    }
}
