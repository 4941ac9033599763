package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SnapshotSchedule;
import dev.snapfork.store.Applied;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.ScheduleManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sets and removes snapshot schedules, and makes every other change of one visible. */
@ApplicationScoped
class ScheduleHandler {
    private final PayloadStore store;
    private final Announcer announcer;

    ScheduleHandler(PayloadStore store, Announcer announcer) {
        this.store = store;
        this.announcer = announcer;
    }

    /** Called again after a crash, it finds the schedule that the command set. Setting what is set already changes nothing. */
    Outcome set(Command.SetSchedule c, Work work) throws IOException {
        var found = find(c.instance());
        if (found.isPresent() && found.get().applied().settled(work.operation())) {
            return settledBefore(found.get());
        }
        if (store.instances().find(c.instance()) instanceof Found.Absent<InstanceManifest>) {
            return new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
        }
        var present = found.filter(manifest -> !manifest.deleted());
        if (present.isEmpty()) {
            var id = new ScheduleId(Cuid.derived(work.operation() + "/schedule"));
            return set(found.orElse(null), SnapshotSchedule.first(id, c.instance(), c.plan(), work.now()), work);
        }
        var schedule = present.get().schedule();
        announcer.announce(present.get());
        return schedule.plan().equals(c.plan())
                ? new Outcome.Scheduled(schedule)
                : set(present.get(), schedule.changed(c.plan(), work.now()), work);
    }

    private Outcome set(@Nullable ScheduleManifest before, SnapshotSchedule next, Work work) throws IOException {
        return new Outcome.Scheduled(
                commit(before, next, EventType.SCHEDULE_SET, true, work).schedule());
    }

    /** The deleted schedule's manifest stays until the command has settled, which so finds its work done after a crash. */
    Outcome delete(Command.DeleteSchedule c, Work work) throws IOException {
        var found =
                find(c.instance()).filter(manifest -> manifest.schedule().id().equals(c.schedule()));
        if (found.isPresent() && found.get().applied().settled(work.operation())) {
            return settledBefore(found.get());
        }
        if (found.isEmpty() || found.get().deleted()) {
            return new Outcome.Rejected(notFound(c.schedule()));
        }
        var manifest = found.get();
        if (c.orphan() && !manifest.schedule().orphaned()) {
            return new Outcome.Rejected(
                    Refusal.conflict("snapshot schedule " + c.schedule() + " belongs to an instance that is there"));
        }
        announcer.announce(manifest);
        commit(manifest, manifest.schedule().deleted(), EventType.SCHEDULE_DELETED, true, work);
        return new Outcome.Succeeded(null, null);
    }

    /** How this very command ended when it came before. */
    private Outcome settledBefore(ScheduleManifest manifest) throws IOException {
        store.schedules().confirm();
        announcer.announce(manifest);
        return manifest.deleted() ? new Outcome.Succeeded(null, null) : new Outcome.Scheduled(manifest.schedule());
    }

    Outcome giveUp(Command.SetSchedule c, Outcome why, Work work) throws IOException {
        return giveUp(c.instance(), why, work);
    }

    Outcome giveUp(Command.DeleteSchedule c, Outcome why, Work work) throws IOException {
        return giveUp(c.instance(), why, work);
    }

    private Outcome giveUp(InstanceId instance, Outcome why, Work work) throws IOException {
        if (store.schedules().find(instance) instanceof Found.Present<ScheduleManifest>(var manifest)
                && manifest.applied().settled(work.operation())) {
            announcer.announce(manifest);
            return Failures.unconfirmed(why);
        }
        return why;
    }

    /**
     * The instance's schedule; one that was deleted a short while ago says so.
     *
     * @throws RefusedException if there is one that cannot be read
     */
    Optional<ScheduleManifest> find(InstanceId instance) throws IOException {
        return switch (store.schedules().find(instance)) {
            case Found.Present<ScheduleManifest>(var manifest) -> Optional.of(manifest);
            case Found.Absent<ScheduleManifest>() -> Optional.empty();
            case Found.Damaged<ScheduleManifest>(var id, var problem) ->
                throw new RefusedException(Refusal.conflict("the snapshot schedule of instance " + id + " is damaged: "
                        + problem + "; have its file schedules/" + id + ".json put right, or removed to set it anew"));
        };
    }

    static Refusal notFound(ScheduleId id) {
        return Refusal.notFound("snapshot schedule not found: " + id);
    }

    /**
     * Makes a change visible and tells it; what was told before has been announced by then.
     *
     * @param settling whether the command has no more to do with the schedule then
     */
    ScheduleManifest commit(
            @Nullable ScheduleManifest before, SnapshotSchedule next, EventType type, boolean settling, Work work)
            throws IOException {
        var event = new LastEvent(type.wireName(), work.operation(), work.now(), null);
        var applied = (before == null || before.deleted() ? Applied.NOTHING : before.applied()).saying(event);
        var manifest = new ScheduleManifest(
                next, type == EventType.SCHEDULE_DELETED, settling ? applied.settling(work.operation()) : applied);
        return switch (store.schedules().replace(before == null ? null : before.schedule(), manifest, work.place())) {
            case Commit.Done() -> {
                announcer.announce(manifest);
                yield manifest;
            }
            case Commit other -> throw new ContentionException("the schedule was changed meanwhile");
        };
    }
}
