package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.Durable;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot schedules: {@code schedules/{instanceId}.json}. A schedule is nothing but its manifest, so that every change, the
 * deletion included, is one atomic replacement of a file. It outlives its instance.
 */
public final class ScheduleStore {
    private static final String SUFFIX = ".json";

    private final Layout layout;
    private final AggregateLocks locks;
    private final Faults faults;

    ScheduleStore(Layout layout, AggregateLocks locks, Faults faults) {
        this.layout = layout;
        this.locks = locks;
        this.faults = faults;
    }

    /**
     * The instance's schedule as it is now; one that was deleted a short while ago is present and says so.
     *
     * @throws IOException if the storage fails; what cannot be understood is {@link Found.Damaged}
     */
    public Found<ScheduleManifest> find(InstanceId instance) throws IOException {
        var file = file(instance);
        if (!Files.exists(file, NOFOLLOW_LINKS)) {
            return new Found.Absent<>();
        }
        try {
            return new Found.Present<>(ScheduleManifest.read(instance, ManifestFile.read(file)));
        } catch (DamagedRecordException e) {
            // it may have been removed while it was read
            return Files.exists(file, NOFOLLOW_LINKS)
                    ? new Found.Damaged<>(instance.value(), e.problem())
                    : new Found.Absent<>();
        }
    }

    /**
     * Puts the manifest in place of the expected one; a crash leaves one of the two.
     *
     * @param expected what the change was decided on; null if there was none
     * @param by whose change it is; an attempt that has lost its place in staging changes nothing and fails
     * @return {@link Commit.Done}; {@link Commit.VersionConflict} or {@link Commit.Gone} if there is something else by now
     */
    public Commit replace(@Nullable SnapshotSchedule expected, ScheduleManifest next, Attempt by) throws IOException {
        var instance = next.schedule().instanceId();
        Commit commit = locked(instance, () -> {
            var found =
                    find(instance) instanceof Found.Present<ScheduleManifest>(var present) ? present.schedule() : null;
            if (found == null && expected != null) {
                return new Commit.Gone(instance.value());
            }
            if (found != null && (expected == null || !isSame(found, expected))) {
                return new Commit.VersionConflict(
                        found.id().value(), expected == null ? 0 : expected.version(), found.version());
            }
            ManifestFile.write(file(instance), next.document(), by.directory());
            return new Commit.Done();
        });
        if (commit instanceof Commit.Done) {
            faults.at(Step.COMMITTED);
        }
        return commit;
    }

    /** Makes what an earlier attempt has changed stable, in case it was broken off before that. */
    public void confirm() throws IOException {
        Durable.fsyncDirectory(layout.schedules());
        faults.at(Step.COMMITTED);
    }

    private static boolean isSame(SnapshotSchedule one, SnapshotSchedule other) {
        return one.id().equals(other.id()) && one.version() == other.version();
    }

    /** Shows the schedule, if it is there, and lets nobody change it meanwhile; waits for its turn, for a bounded time. */
    public void whileUnchanged(InstanceId instance, Consumer<ScheduleManifest> look) throws IOException {
        var unused = locked(instance, () -> {
            var found = find(instance);
            if (found instanceof Found.Present<ScheduleManifest>(var present)) {
                look.accept(present);
            }
            return found;
        });
    }

    /** Every instance with a schedule; one that appears or vanishes meanwhile may be there or not. */
    public List<InstanceId> instances() throws IOException {
        return Filesystems.entries(
                        layout.schedules(),
                        entry -> entry.getFileName().toString().endsWith(SUFFIX))
                .stream()
                .map(entry -> entry.getFileName().toString())
                .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                .filter(Cuid::isValid)
                .map(InstanceId::new)
                .toList();
    }

    /**
     * Removes the manifests of deleted schedules that nobody needs any more.
     *
     * @param oldest what is older belongs to commands that cannot come again
     * @param settled whether a command has settled
     */
    public void sweep(Instant oldest, Predicate<OperationId> settled) throws IOException {
        for (var instance : instances()) {
            if (isOver(instance, oldest, settled)) {
                var unused = locked(
                        instance, () -> isOver(instance, oldest, settled) && Files.deleteIfExists(file(instance)));
            }
        }
    }

    private boolean isOver(InstanceId instance, Instant oldest, Predicate<OperationId> settled) throws IOException {
        if (!(find(instance) instanceof Found.Present<ScheduleManifest>(var manifest)) || !manifest.deleted()) {
            return false;
        }
        var last = manifest.applied().last();
        return last == null
                || last.time().isBefore(oldest)
                || (last.operation() != null && settled.test(last.operation()));
    }

    private Path file(InstanceId instance) {
        return layout.schedules().resolve(instance.value() + SUFFIX);
    }

    private <T> T locked(InstanceId instance, AggregateLocks.Guarded<T> work) throws IOException {
        return locks.holding("schedule of " + instance, work);
    }
}
