package dev.snapfork.worker;

import dev.snapfork.instance.InstanceState;
import dev.snapfork.machine.DamagedStateException;
import dev.snapfork.memory.CorruptMemoryException;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.CopyProgress;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.MemoryFiles;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.Selection;
import dev.snapfork.store.StandbyState;
import dev.snapfork.store.TreeCopy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies of instances, whatever state they are in. Unlike a snapshot's files an instance's own are written to when it goes on, so that a
 * copy maps nothing of them.
 */
@ApplicationScoped
class InstanceCopies {
    private final PayloadStore store;
    private final LiveCapture live;
    private final MemoryCodec codec;
    private final Room room;

    InstanceCopies(PayloadStore store, LiveCapture live, MemoryCodec codec, Room room) {
        this.store = store;
        this.live = live;
        this.codec = codec;
        this.room = room;
    }

    /**
     * What the copy has.
     *
     * @param state the directory with the device state; null if the machine is to be booted, or not to run
     * @param memory raw; null likewise
     * @param pausedMillis of the source, if it runs
     */
    record Copied(
            @Nullable Path state,
            @Nullable Path memory,
            @Nullable Long pausedMillis) {}

    /** Fills the directory with what a machine in the target state needs; nothing is synced. */
    Copied copy(InstanceManifest source, TargetState target, Path directory, Work work)
            throws IOException, InterruptedException {
        if (source.instance().state() == InstanceState.RUNNING) {
            var paused = live.capture(source, directory, work).toMillis();
            return toRun(target, directory, paused, work);
        }
        var guest = store.layout().guest(source.instance().id());
        var selection = target == TargetState.STOPPED ? Selection.DISKS : Selection.ALL;
        try (var _ = room.reserve(work, store.space().ofCopy(TreeCopy.dataBytes(guest, selection)))) {
            TreeCopy.copy(guest, directory, selection, CopyProgress.UNHEARD, work::ends);
        }
        return toRun(target, directory, null, work);
    }

    private Copied toRun(TargetState target, Path directory, @Nullable Long paused, Work work) throws IOException {
        var copy = new StandbyState(directory);
        return switch (target) {
            case STOPPED -> {
                copy.dropSaved();
                yield new Copied(null, null, paused);
            }
            case STANDBY -> new Copied(null, null, paused);
            case RUNNING -> {
                var found = MemoryFiles.find(directory).orElse(null);
                if (found == null) {
                    yield new Copied(null, null, paused);
                }
                var file = directory.resolve(found.path());
                var state = Objects.requireNonNull(file.getParent());
                if (found.encoding() == Encoding.RAW) {
                    copy.toLive();
                    yield new Copied(state, Files.exists(copy.liveMemory()) ? copy.liveMemory() : file, paused);
                }
                copy.makeLive();
                try {
                    codec.decode(file, copy.liveMemory(), CodecJobs.of(work, work::ends));
                } catch (CorruptMemoryException e) {
                    throw new DamagedStateException(found.path() + " cannot be decoded: " + e.getMessage());
                }
                yield new Copied(state, copy.liveMemory(), paused);
            }
        };
    }

    /** Removes the device state of a machine that has gone on from it. */
    void dropState(Path directory) throws IOException {
        new StandbyState(directory).dropSaved();
    }
}
