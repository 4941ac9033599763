package dev.snapfork.store;

import dev.snapfork.fault.Step;
import dev.snapfork.file.Durable;
import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Puts a snapshot's memory into another file while forks read the old one: raw becomes compressed, compressed becomes
 * compressed in another way.
 *
 * <p>The new file grows in the operation's staging, where nobody copies it and sweeping finds it. The commit is
 * three short steps under the snapshot's lock. A crash leaves, and the same command done again makes of it:
 *
 * <ol>
 *   <li>before anything: the old manifest, the old file, the new one in staging. It is finished or made anew.
 *   <li>after the announcement, which is needed only where new and old have the same name: the old manifest in its old version,
 *       which now lists both contents as good for that name, and the old file. It is made anew; what was announced stays listed,
 *       for nobody knows whether it came.
 *   <li>after the rename: the old manifest and, where the names differ, the old file that it names with the new one unnamed
 *       beside it; where they are the same, the new file, which the announcement covers. It is made anew from what the
 *       manifest names, for either content decodes to the same memory.
 *   <li>after the swap: the new manifest with the new file, and perhaps the old one unnamed. {@link #removeUnnamed} removes it.
 * </ol>
 *
 * <p>So the file that the manifest names is whole at every instant and its content is one that the manifest lists. Whoever has
 * the old file open reads on; whoever read the old manifest and comes too late for its file reads the manifest again.
 */
public final class MemoryReplacement {
    private final SnapshotStore snapshots;

    MemoryReplacement(SnapshotStore snapshots) {
        this.snapshots = snapshots;
    }

    /**
     * Makes the written file the snapshot's memory.
     *
     * @param expected the version that the change was decided on; also the fence against a worker that lost its command
     * @param written on the store's filesystem, complete and verified; gone afterwards, whatever came of it
     * @param next the following version, naming the new file as its memory
     * @return {@link Commit.Done}, {@link Commit.VersionConflict} or {@link Commit.Gone}
     * @throws IOException after which the snapshot is readable, in the old version or the next
     */
    public Commit commit(long expected, Path written, SnapshotManifest next) throws IOException {
        var memory = next.memory();
        if (memory == null || next.version() != expected + 1 || !next.incoming().isEmpty()) {
            throw new IllegalArgumentException("not a manifest that replaces memory in version " + expected);
        }
        var file = next.file(memory.path())
                .orElseThrow(() -> new IllegalArgumentException("the manifest does not list its memory"));
        var snapshot = next.snapshot().id();
        var id = snapshot.value();
        try {
            Durable.fsync(written);
            var commit = snapshots.all().ifUnchanged(expected, id, () -> {
                announce(snapshot, file);
                var place = place(snapshot, memory.path());
                Durable.move(written, place);
                Durable.fsyncDirectory(Filesystems.directoryOf(place));
                snapshots.all().passed(Step.MEMORY_RENAMED);
                snapshots.all().write(next, null);
                snapshots.all().passed(Step.MANIFEST_SWAPPED);
            });
            if (commit instanceof Commit.Done) {
                removeUnnamed(next);
            }
            return commit;
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Says in the manifest that the file's name may soon stand for other content, if it names something now. */
    private void announce(SnapshotId id, PayloadFile file) throws IOException {
        if (snapshots.find(id) instanceof Found.Present<SnapshotManifest>(var current)
                && current.file(file.path()).isPresent()) {
            snapshots.all().write(current.announcing(file), null);
            snapshots.all().passed(Step.MEMORY_ANNOUNCED);
        }
    }

    /**
     * Unlinks memory files that the manifest does not name, and half-written ones. For the one worker that has the snapshot's
     * commands, since what it removes may be another's work in progress.
     */
    public void removeUnnamed(SnapshotManifest manifest) throws IOException {
        var id = manifest.snapshot().id();
        var payload = snapshots.payload(id);
        snapshots.all().ifUnchanged(manifest.version(), id.value(), () -> {
            for (var file : Payload.list(payload)) {
                var unnamed = MemoryFiles.isCandidate(file.path())
                        && manifest.file(file.path()).isEmpty();
                if (unnamed || Leftovers.isLeftover(file.path())) {
                    Files.deleteIfExists(payload.resolve(file.path()));
                }
            }
        });
    }

    private Path place(SnapshotId id, String path) {
        return snapshots.payload(id).resolve(path);
    }
}
