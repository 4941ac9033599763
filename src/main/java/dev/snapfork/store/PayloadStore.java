package dev.snapfork.store;

import dev.snapfork.fault.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The parts of the store on one data directory, which many processes may share. */
public final class PayloadStore {
    private final Layout layout;
    private final AggregateLocks locks;
    private final InstanceStore instances;
    private final SnapshotStore snapshots;
    private final ScheduleStore schedules;
    private final Trash trash;
    private final Staging staging;
    private final Faults faults;
    private final Space space;
    private final HealthRecords health;

    private PayloadStore(Layout layout, Duration lockDeadline, Faults faults) throws IOException {
        this.locks = new AggregateLocks(layout.locks(), lockDeadline);
        this.layout = layout;
        this.faults = faults;
        this.space = new Space(layout, locks);
        this.trash = new Trash(layout, faults);
        this.staging = new Staging(layout);
        this.instances = new InstanceStore(layout, locks, trash, faults);
        this.snapshots = new SnapshotStore(layout, locks, trash, faults);
        this.health = new HealthRecords(layout, locks);
        this.schedules = new ScheduleStore(layout, locks, faults);
    }

    /**
     * Opens the store, making the directories that are not there yet.
     *
     * @param lockDeadline how long a commit waits for another's on the same aggregate before it fails
     * @throws IOException also if the directories are not on one filesystem, since all commits are renames between them
     */
    public static PayloadStore open(Path data, Duration lockDeadline) throws IOException {
        return open(data, lockDeadline, Faults.NONE);
    }

    /** @param faults is told of each step of each commit */
    public static PayloadStore open(Path data, Duration lockDeadline, Faults faults) throws IOException {
        var layout = new Layout(data);
        for (var directory : List.of(
                layout.guests(),
                layout.snapshots(),
                layout.schedules(),
                layout.staging(),
                layout.trash(),
                layout.imports(),
                layout.health(),
                layout.locks())) {
            Files.createDirectories(directory);
        }
        for (var directory : List.of(layout.snapshots(), layout.staging(), layout.trash())) {
            if (!Filesystems.same(directory, layout.guests())) {
                throw new IOException(directory + " and " + layout.guests()
                        + " are on two filesystems: the data directory must be on one");
            }
        }
        return new PayloadStore(layout, lockDeadline, faults);
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

    public HealthRecords health() {
        return health;
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

    public Space space() {
        return space;
    }

    public ImportDirectory imports() {
        return new ImportDirectory(layout, locks, faults);
    }

    public Adoption adoption() {
        return new Adoption(layout, instances, snapshots);
    }
}
