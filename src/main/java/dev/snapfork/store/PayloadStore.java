package dev.snapfork.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The parts of the store on one data directory, which many processes may share. */
public final class PayloadStore {
    private final Layout layout;
    private final InstanceStore instances;
    private final SnapshotStore snapshots;
    private final ScheduleStore schedules;
    private final Trash trash;
    private final Staging staging;

    private PayloadStore(Layout layout, Duration lockDeadline, CommitSteps steps) throws IOException {
        var locks = new AggregateLocks(layout.locks(), lockDeadline);
        this.layout = layout;
        this.trash = new Trash(layout);
        this.staging = new Staging(layout, trash);
        this.instances = new InstanceStore(layout, locks, trash, steps);
        this.snapshots = new SnapshotStore(layout, locks, trash, steps);
        this.schedules = new ScheduleStore(layout, locks);
    }

    /**
     * Opens the store, making the directories that are not there yet.
     *
     * @param lockDeadline how long a commit waits for another's on the same aggregate before it fails
     * @throws IOException also if the directories are not on one filesystem, since all commits are renames between them
     */
    public static PayloadStore open(Path data, Duration lockDeadline) throws IOException {
        return open(data, lockDeadline, step -> {});
    }

    static PayloadStore open(Path data, Duration lockDeadline, CommitSteps steps) throws IOException {
        var layout = new Layout(data);
        for (var directory : List.of(
                layout.guests(),
                layout.snapshots(),
                layout.schedules(),
                layout.staging(),
                layout.trash(),
                layout.imports(),
                layout.locks())) {
            Files.createDirectories(directory);
        }
        for (var directory : List.of(layout.snapshots(), layout.staging(), layout.trash())) {
            if (!Filesystems.same(directory, layout.guests())) {
                throw new IOException(directory + " and " + layout.guests()
                        + " are on two filesystems: the data directory must be on one");
            }
        }
        return new PayloadStore(layout, lockDeadline, steps);
    }

    public Layout layout() {
        return layout;
    }

    public InstanceStore instances() {
        return instances;
    }

    public SnapshotStore snapshots() {
        return snapshots;
    }

    public ScheduleStore schedules() {
        return schedules;
    }

    public MemoryReplacement memory() {
        return new MemoryReplacement(snapshots);
    }

    public Staging staging() {
        return staging;
    }

    public Trash trash() {
        return trash;
    }

    public ImportDirectory imports() {
        return new ImportDirectory(layout);
    }

    public Adoption adoption() {
        return new Adoption(layout, instances, snapshots);
    }
}
