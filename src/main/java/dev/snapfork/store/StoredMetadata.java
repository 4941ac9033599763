package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import java.time.Instant;
import java.util.List;

/** The rule for captured metadata: an instance can be made from them. */
final class StoredMetadata {
    private static final InstanceId ANY = new InstanceId("a".repeat(24));
    private static final InstanceJson.Standing STOPPED =
            new InstanceJson.Standing(InstanceState.STOPPED, null, false, 1);

    private StoredMetadata() {}

    /** The same for metadata whose identity, and what of it the import says, are replaced anyway. */
    static void checkForImport(ObjectNode existing) throws DamagedRecordException {
        var kept = existing.deepCopy();
        kept.remove(List.of("Id", "Name", "HypervisorType"));
        check(new Fields("", kept));
    }

    static void check(Fields stored) throws DamagedRecordException {
        try {
            var own = stored.parsed("Id", InstanceId::new);
            InstanceJson.read(own == null ? ANY : own, stored.node(), STOPPED, Instant.EPOCH);
        } catch (DamagedRecordException e) {
            throw new DamagedRecordException(stored.where() + e.problem());
        }
    }
}
