package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.event.EventType;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Closes what stayed open because a command had to be given up while the disk refused even that, and removes what writers that
 * died left beside their manifests. Each of these looks at commands that have settled, which nobody works on any more.
 */
@ApplicationScoped
class Mending {
    private static final Logger LOG = Logger.getLogger(Mending.class);

    private final PayloadStore store;
    private final Settlements settlements;
    private final NameClaims claims;
    private final Announcer announcer;
    private final CompressionRequests compressions;
    private final MachineWatch watch;
    private final StandbyCompressions standbys;
    private final Clock clock;

    Mending(
            PayloadStore store,
            Settlements settlements,
            NameClaims claims,
            Announcer announcer,
            CompressionRequests compressions,
            MachineWatch watch,
            StandbyCompressions standbys,
            Clock clock) {
        this.store = store;
        this.settlements = settlements;
        this.claims = claims;
        this.announcer = announcer;
        this.compressions = compressions;
        this.watch = watch;
        this.standbys = standbys;
        this.clock = clock;
    }

    /** For one look at everything: the names of what it finds are claimed again where PostgreSQL has lost that. */
    HeldNames heldNames() {
        return new HeldNames(claims, store.layout());
    }

    void mend(InstanceManifest manifest) throws IOException {
        store.instances().sweep(manifest.instance().id());
        watch.note(manifest);
        standbys.note(manifest);
    }

    void mend(SnapshotManifest manifest) throws IOException {
        store.snapshots().sweep(manifest.snapshot().id());
        store.memory().removeUnnamed(manifest);
        var by = compressing(manifest);
        if (by.isPresent()) {
            var end = settlements.find(by.get());
            if (end.isPresent()) {
                var error = end.get().outcome().error();
                endCompression(manifest, by.get(), error == null ? "it ended without an outcome" : error.message());
            }
        }
    }

    /** The command that a snapshot which says that it is being compressed waits for. */
    private static Optional<OperationId> compressing(SnapshotManifest manifest) {
        var last = manifest.applied().last();
        if (manifest.snapshot().compressionState() != CompressionState.COMPRESSING) {
            return Optional.empty();
        }
        if (last != null && EventType.COMPRESSION_STARTED.wireName().equals(last.type())) {
            return Optional.ofNullable(last.operation());
        }
        return Optional.of(CompressionRequests.idOf(CompressionRequests.cause(manifest)));
    }

    private void endCompression(SnapshotManifest seen, OperationId by, String reason) throws IOException {
        // read again: the command may have finished between reading the manifest and looking it up
        if (store.snapshots().find(seen.snapshot().id()) instanceof Found.Present<SnapshotManifest>(var manifest)
                && manifest.version() == seen.version()) {
            announcer.announce(manifest);
            var event = new LastEvent(
                    EventType.COMPRESSION_FAILED.wireName(), by, clock.instant().truncatedTo(ChronoUnit.MICROS), null);
            var next = manifest.with(
                    manifest.snapshot().compressionFailed(reason),
                    manifest.applied().saying(event).settling(by));
            if (store.snapshots().replaceManifest(manifest.version(), next) instanceof Commit.Done) {
                announcer.announce(next);
                LOG.warnf(
                        "a snapshot said that it was being compressed, and was not: snapshot=%s",
                        next.snapshot().id());
            }
        }
    }

    /** Tells what commands made that then failed, since the disk did not confirm it, and could not be told of at the time. */
    void tellWhatIsThere() throws IOException {
        for (var end : settlements.failed()) {
            var operation = end.outcome();
            if (operation.snapshotId() != null
                    && store.snapshots().find(new SnapshotId(operation.snapshotId()))
                            instanceof Found.Present<SnapshotManifest>(var manifest)
                    && manifest.applied().settled(operation.id())) {
                announcer.announce(manifest);
                compressions.requestIfWanted(manifest, operation.id());
            }
            if (operation.instanceId() != null
                    && store.instances().find(new InstanceId(operation.instanceId()))
                            instanceof Found.Present<InstanceManifest>(var manifest)
                    && manifest.applied().settled(operation.id())) {
                announcer.announce(manifest);
            }
        }
    }

    /**
     * Tells what lies in an operation's trash because a delete moved it there and then failed. Putting it back would be the
     * other way, but an earlier attempt may have told of the delete already.
     */
    void finishDelete(OperationId operation) throws IOException {
        var end = settlements.find(operation).map(OperationSettled::outcome).orElse(null);
        if (end == null || end.status() != OperationStatus.FAILED) {
            return;
        }
        if (end.kind() == OperationKind.DELETE_SNAPSHOT && end.snapshotId() != null) {
            var trashed = store.snapshots().trashed(new SnapshotId(end.snapshotId()), operation);
            if (trashed.orElse(null) instanceof Found.Present<SnapshotManifest>(var last)) {
                claims.releaseGone(end.snapshotId());
                announcer.announceDeletion(last, operation, end.createdAt());
            }
        }
        if (end.kind() == OperationKind.DELETE_INSTANCE && end.instanceId() != null) {
            var trashed = store.instances().trashed(new InstanceId(end.instanceId()), operation);
            if (trashed.orElse(null) instanceof Found.Present<InstanceManifest>(var last)) {
                claims.releaseGone(end.instanceId());
                announcer.announceDeletion(last, operation, end.createdAt());
            }
        }
    }

    /** Frees names whose owners were never made or are gone. */
    void freeNames() {
        for (var owner : claims.settledOwners()) {
            if (HeldNames.isGone(store.layout(), owner)) {
                claims.releaseGone(owner);
                LOG.infof("freed the names of what is not there: owner=%s", owner);
            }
        }
    }
}
