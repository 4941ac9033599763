package dev.snapfork.worker;

import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Layout;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The names that the manifests say are taken. A PostgreSQL that was lost, or restored to an earlier moment, does not know the
 * claims: without them a name would be given to a second owner. For one thread.
 */
final class HeldNames {
    private static final Logger LOG = Logger.getLogger(HeldNames.class);
    /** Claimed with one statement. */
    private static final int PAGE = 256;

    private final NameClaims claims;
    private final Layout layout;
    private final List<NameClaims.Holding> page = new ArrayList<>(PAGE);

    HeldNames(NameClaims claims, Layout layout) {
        this.claims = claims;
        this.layout = layout;
    }

    void note(Instance instance) {
        note(NameClaims.INSTANCES, instance.name(), instance.id().value());
    }

    void note(Snapshot snapshot) {
        if (snapshot.name() != null) {
            note(
                    snapshot.sourceInstanceId().value(),
                    snapshot.name(),
                    snapshot.id().value());
        }
    }

    private void note(String scope, String name, String owner) {
        page.add(new NameClaims.Holding(scope, name, owner, CompressionRequests.adoptionOf(owner)));
        if (page.size() == PAGE) {
            claim();
        }
    }

    /** Claims what has been noted since the last time; to be called at the end. */
    void claim() {
        var noted = List.copyOf(page);
        page.clear();
        for (var owner : noted.isEmpty() ? List.<String>of() : claims.adoptFree(noted)) {
            // deleted since its manifest was read, and its name given up before: a delete after this look gives it up
            // itself
            if (isGone(layout, owner)) {
                claims.releaseGone(owner);
            } else {
                LOG.infof("claimed the name of what is there: owner=%s", owner);
            }
        }
    }

    /** Whether neither an instance nor a snapshot with the id is there. */
    static boolean isGone(Layout layout, String owner) {
        return !Files.exists(layout.guest(new InstanceId(owner)))
                && !Files.exists(layout.snapshot(new SnapshotId(owner)));
    }
}
