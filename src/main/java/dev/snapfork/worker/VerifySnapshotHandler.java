package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.file.DirectDigest;
import dev.snapfork.file.SparseFile;
import dev.snapfork.health.Health;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.memory.Pace;
import dev.snapfork.operation.Refusal;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Found;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import dev.snapfork.view.LastKnown;
import dev.snapfork.worker.Verification.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads all files of a snapshot and writes down whether they are what was captured. The snapshot itself is not changed, so forks,
 * compressions and deletes go on meanwhile. That it is damaged is a finding and no failure of the command.
 */
@ApplicationScoped
class VerifySnapshotHandler implements Handler<Command.VerifySnapshot> {
    /** How often the snapshot may be compressed anew while it is being read, before that is an error. */
    private static final int ATTEMPTS = 8;

    private final PayloadStore store;
    private final MemoryCodec codec;
    private final HealthLedger ledger;
    private final LastKnown lastKnown;
    private final Patience patience;
    private final Pace scrubPace;
    private final Counter scrubbed;

    VerifySnapshotHandler(
            PayloadStore store,
            MemoryCodec codec,
            HealthLedger ledger,
            LastKnown lastKnown,
            Patience patience,
            SnapforkConfig config,
            MeterRegistry meters) {
        this.store = store;
        this.codec = codec;
        this.ledger = ledger;
        this.lastKnown = lastKnown;
        this.patience = patience;
        this.scrubPace = Pace.of(config.scrub().rate().bytes());
        this.scrubbed = Counter.builder("snapfork.verify.read")
                .description("read to verify snapshots")
                .baseUnit("bytes")
                .register(meters);
    }

    @Override
    public Outcome handle(Command.VerifySnapshot c, Work work) throws IOException {
        try {
            return verify(c, work);
        } catch (CancellationException e) {
            work.requireOurs();
            return work.cancelled()
                    ? Outcome.Cancelled.ON_REQUEST
                    : new Outcome.Cancelled("the snapshot was deleted meanwhile");
        }
    }

    /** It holds nothing and has said nothing. */
    @Override
    public Outcome giveUp(Command.VerifySnapshot c, Outcome why, Work work) {
        return why;
    }

    private Outcome verify(Command.VerifySnapshot c, Work work) throws IOException {
        @Nullable Verification verification = null;
        for (var attempt = 1; attempt <= ATTEMPTS; attempt++) {
            switch (find(c.snapshot())) {
                case Found.Absent<SnapshotManifest>() -> {
                    return new Outcome.Rejected(Refusal.notFound("snapshot not found: " + c.snapshot()));
                }
                case Found.Damaged<SnapshotManifest> damaged -> {
                    return unreadable(DamagedException.snapshot(damaged), work);
                }
                case Found.Present<SnapshotManifest>(var manifest) -> {
                    verification = verification == null ? begin(c, manifest, work) : verification;
                    var verdict = verification.compare(manifest);
                    if (find(c.snapshot()) instanceof Found.Present<SnapshotManifest>(var now)
                            && sameFiles(manifest, now)) {
                        return conclude(now, verdict, work);
                    }
                }
            }
        }
        throw new IOException("the files of snapshot " + c.snapshot() + " were replaced again and again: try again");
    }

    /** The record of a snapshot that the disk does not give back is damaged like one that makes no sense. */
    private Found<SnapshotManifest> find(SnapshotId id) throws IOException {
        try {
            return store.snapshots().find(id);
        } catch (IOException e) {
            return new Found.Damaged<>(id.value(), "its record " + Verification.unreadable(e));
        }
    }

    private static boolean sameFiles(SnapshotManifest one, SnapshotManifest other) {
        return one.files().equals(other.files())
                && one.incoming().equals(other.incoming())
                && java.util.Objects.equals(one.memory(), other.memory());
    }

    private Verification begin(Command.VerifySnapshot c, SnapshotManifest manifest, Work work) throws IOException {
        var payload = store.snapshots().payload(c.snapshot());
        var directory = store.layout().snapshot(c.snapshot());
        BooleanSupplier ended = () -> work.ends() || !Files.exists(directory);
        var total = 0L;
        for (var file : manifest.files()) {
            var path = payload.resolve(file.path());
            total += Files.exists(path) ? SparseFile.allocatedBytes(path) : 0;
        }
        return new Verification(
                payload,
                gate(c, total, work, ended),
                compressed -> codec.check(
                        compressed, CodecJobs.of(work, ended).inBackground().withProgress((done, all) -> {})));
    }

    private DirectDigest.Gate gate(Command.VerifySnapshot c, long total, Work work, BooleanSupplier ended) {
        var done = new AtomicLong();
        Pace.Check check = () -> {
            if (ended.getAsBoolean()) {
                throw new CancellationException("cancelled");
            }
        };
        return bytes -> {
            check.run();
            if (c.scheduled()) {
                try {
                    scrubPace.await(bytes, check);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while held back");
                }
            }
            scrubbed.increment(bytes);
            work.progress(Math.min(total, done.addAndGet(bytes)), total);
        };
    }

    private Outcome conclude(SnapshotManifest manifest, Verdict verdict, Work work) throws IOException {
        var id = manifest.snapshot().id().value();
        var health =
                switch (verdict) {
                    case Verdict.Broken(var problem) ->
                        ledger.found(Health.Subject.SNAPSHOT, id, problem, work.operation(), work.now());
                    case Verdict.Whole(var files, var memory) -> {
                        var learned = manifest.withFiles(files, memory);
                        if (!sameFiles(manifest, learned)) {
                            // of another daemon's files nobody knew the digests; if that fails, the next one learns
                            // them
                            var unused = store.snapshots().replaceManifest(manifest.version(), learned);
                        }
                        yield ledger.found(Health.Subject.SNAPSHOT, id, null, work.operation(), work.now());
                    }
                };
        work.complete();
        return Outcome.of(manifest.snapshot().withHealth(health));
    }

    /** Without its record a snapshot shows as it was when its last event told of it. */
    private Outcome unreadable(DamagedException damage, Work work) throws IOException {
        var health = ledger.found(damage.subject(), damage.id(), damage.problem(), work.operation(), work.now());
        return patience.insist(
                        "look up a snapshot",
                        () -> lastKnown.snapshot(damage.id()).await().atMost(patience.attemptLimit()))
                .map(snapshot -> Outcome.of(snapshot.withHealth(health)))
                .orElseGet(() -> new Outcome.Rejected(damage.refusal()));
    }
}
