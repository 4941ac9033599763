package dev.snapfork.worker;

import dev.snapfork.cache.Turn;
import dev.snapfork.hypervisor.MemorySource;
import dev.snapfork.machine.DamagedStateException;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.Found;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import dev.snapfork.store.StandbyState;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Machines out of snapshots: with disks of their own, and memory that they map privately from the snapshot's file or, if that is
 * compressed, from the one decoding that all forks share.
 */
@ApplicationScoped
class SavedMachines {
    private final PayloadStore store;
    private final Materializer materializer;
    private final VerifiedFiles verified;

    SavedMachines(PayloadStore store, Materializer materializer, VerifiedFiles verified) {
        this.store = store;
        this.materializer = materializer;
        this.verified = verified;
    }

    /**
     * What a machine is made of.
     *
     * @param directory in staging, with the disks
     * @param state the directory with the device state; only read
     */
    record Parts(Path directory, SnapshotManifest source, Path state, MemorySource memory) {}

    /** Makes a machine of the parts. */
    interface Maker<T> {
        T make(Parts parts) throws IOException, InterruptedException;
    }

    /**
     * Has a machine made.
     *
     * @throws DamagedException if the snapshot is not what was captured, which is found out before anything is started
     */
    <T> T make(SnapshotId id, Work work, Maker<T> maker) throws IOException, InterruptedException {
        return materializer.using(id, TargetState.RUNNING, work, (made, turn) -> {
            var source = made.source();
            var memory = source.memory();
            if (memory == null) {
                throw DamagedException.found(id, "it is of a machine in Standby and has no memory");
            }
            var payload = store.snapshots().payload(id);
            var state = Objects.requireNonNull(payload.resolve(memory.path()).getParent());
            try {
                requireState(source, payload, memory);
                return maker.make(new Parts(
                        made.directory(), source, state, memory(source, memory, payload, turn, made.directory())));
            } catch (DamagedStateException e) {
                throw damagedOrReplaced(source, String.valueOf(e.getMessage()));
            }
        });
    }

    private MemorySource memory(
            SnapshotManifest source, MemoryFile memory, Path payload, @Nullable Turn turn, Path directory)
            throws IOException {
        return switch (turn) {
            case Turn.Cached cached -> new MemorySource.Shared(cached.file());
            case Turn.Decode decode -> new MemorySource.Own(new StandbyState(directory).liveMemory());
            case null -> {
                if (memory.encoding() != Encoding.RAW) {
                    throw new IllegalStateException("nobody said how to come by the memory");
                }
                require(source, payload, memory.path());
                yield new MemorySource.Shared(payload.resolve(memory.path()));
            }
        };
    }

    /** All of the payload beside memory and disks, which are read as they are copied. */
    private void requireState(SnapshotManifest source, Path payload, MemoryFile memory) throws IOException {
        var path = memory.path();
        var directory = path.contains("/") ? path.substring(0, path.lastIndexOf('/') + 1) : "";
        for (var file : source.files()) {
            if (!file.path().equals(path)
                    && file.path().startsWith(directory)
                    && !directory.isEmpty()
                    && file.digest() != null) {
                require(source, payload, file.path());
            }
        }
    }

    private void require(SnapshotManifest source, Path payload, String path) throws IOException {
        var file = source.file(path);
        if (file.isPresent()
                && file.get().digest() != null
                && !verified.is(payload.resolve(path), file.get().digest())) {
            throw new DamagedStateException(path + " is not what was captured: its digest is different");
        }
    }

    /** What looks damaged may have been compressed meanwhile: then the newer manifest says where the memory is now. */
    private IOException damagedOrReplaced(SnapshotManifest source, String problem) throws IOException {
        var id = source.snapshot().id();
        if (store.snapshots().find(id) instanceof Found.Present<SnapshotManifest>(var now)
                && Objects.equals(now.memory(), source.memory())) {
            return DamagedException.found(id, problem);
        }
        return new NoSuchFileException(String.valueOf(source.memory()));
    }
}
