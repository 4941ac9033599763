package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Refusal;
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
import org.jspecify.annotations.Nullable;

/** Sets and removes snapshot schedules, and makes every other change of one visible. */
@ApplicationScoped
class ScheduleHandler {
    private final PayloadStore store;
    private final Announcer announcer;
    private final EventPublisher events;
    private final Patience patience;

    ScheduleHandler(PayloadStore store, Announcer announcer, EventPublisher events, Patience patience) {
        this.store = store;
        this.announcer = announcer;
        this.events = events;
        this.patience = patience;
    }

    /** Called again after a crash, it finds the schedule that the command set. Setting what is set already changes nothing. */
    Outcome set(Command.SetSchedule c, Work work) throws IOException {
        if (store.instances().find(c.instance()) instanceof Found.Absent<InstanceManifest>) {
            return new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
        }
        return switch (store.schedules().find(c.instance())) {
            case Found.Damaged<ScheduleManifest> damaged -> Damage.reject(damaged);
            case Found.Present<ScheduleManifest>(var found)
            when !found.deleted() -> {
                announcer.announce(found);
                var schedule = found.schedule();
                yield schedule.plan().equals(c.plan()) || found.applied().settled(work.operation())
                        ? new Outcome.Scheduled(schedule)
                        : set(found, schedule.changed(c.plan(), work.now()), work);
            }
            case Found.Present<ScheduleManifest>(var deleted) -> set(deleted, first(c, work), work);
            case Found.Absent<ScheduleManifest> _ -> set(null, first(c, work), work);
        };
    }

    private static SnapshotSchedule first(Command.SetSchedule c, Work work) {
        var id = new ScheduleId(Cuid.derived(work.operation() + "/schedule"));
        return SnapshotSchedule.first(id, c.instance(), c.plan(), work.now());
    }

    private Outcome set(@Nullable ScheduleManifest before, SnapshotSchedule next, Work work) throws IOException {
        return new Outcome.Scheduled(
                commit(before, next, EventType.SCHEDULE_SET, true, work).schedule());
    }

    /** The deleted schedule's manifest stays until the command has settled, which so finds its work done after a crash. */
    Outcome delete(Command.DeleteSchedule c, Work work) throws IOException {
        var found = store.schedules().find(c.instance());
        if (found instanceof Found.Damaged<ScheduleManifest> damaged) {
            return Damage.reject(damaged);
        }
        if (!(found instanceof Found.Present<ScheduleManifest>(var manifest))
                || !manifest.schedule().id().equals(c.schedule())
                || (manifest.deleted() && !manifest.applied().settled(work.operation()))) {
            return new Outcome.Rejected(notFound(c.schedule()));
        }
        if (c.orphan() && !manifest.schedule().orphaned()) {
            return new Outcome.Rejected(
                    Refusal.conflict("snapshot schedule " + c.schedule() + " belongs to an instance that is there"));
        }
        announcer.announce(manifest);
        if (!manifest.deleted()) {
            commit(manifest, manifest.schedule().deleted(), EventType.SCHEDULE_DELETED, true, work);
        }
        patience.insist(
                "let a deleted schedule be forgotten",
                events.forget(c.schedule().value()));
        return new Outcome.Succeeded(null, null);
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
        return switch (store.schedules().replace(before == null ? null : before.schedule(), manifest)) {
            case Commit.Done() -> {
                announcer.announce(manifest);
                yield manifest;
            }
            case Commit other -> throw new IOException("the schedule was changed by somebody else: " + other);
        };
    }
}
