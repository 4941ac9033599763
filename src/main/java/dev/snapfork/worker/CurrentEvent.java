package dev.snapfork.worker;

import dev.snapfork.event.Event;
import dev.snapfork.event.EventType;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.HealthRecords;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.ScheduleManifest;
import dev.snapfork.store.SnapshotManifest;

/** The event of a manifest's version: the same whenever it is asked for. One that this version of the service cannot tell is damaged. */
final class CurrentEvent {
    private CurrentEvent() {}

    /** Without one of its own the manifest was adopted, and has not changed since. */
    static Event of(SnapshotManifest manifest) throws DamagedException {
        var snapshot = manifest.snapshot();
        var last = manifest.applied().last();
        return last == null
                ? new Event.SnapshotChanged(EventType.SNAPSHOT_ADOPTED, snapshot.createdAt(), null, snapshot)
                : of(snapshot, last);
    }

    /** As {@link #of(SnapshotManifest)}. */
    static Event of(InstanceManifest manifest) throws DamagedException {
        var instance = manifest.instance();
        var last = manifest.applied().last();
        return last == null
                ? new Event.InstanceChanged(EventType.INSTANCE_ADOPTED, instance.createdAt(), null, instance, null)
                : of(instance, last);
    }

    private static Event of(Snapshot snapshot, LastEvent last) throws DamagedException {
        try {
            return new Event.SnapshotChanged(
                    EventType.parse(last.type()), last.time(), last.operation(), snapshot, last.particulars());
        } catch (UnreadableRecordException e) {
            throw DamagedException.found(snapshot.id(), String.valueOf(e.getMessage()));
        }
    }

    private static Event of(Instance instance, LastEvent last) throws DamagedException {
        try {
            var type = EventType.parse(last.type());
            var forked = type == EventType.INSTANCE_FORKED;
            return new Event.InstanceChanged(
                    type,
                    last.time(),
                    last.operation(),
                    instance,
                    last.about() == null || forked ? null : new SnapshotId(last.about()),
                    last.about() != null && forked ? new InstanceId(last.about()) : null,
                    last.particulars());
        } catch (UnreadableRecordException e) {
            throw DamagedException.found(instance.id(), String.valueOf(e.getMessage()));
        }
    }

    static Event of(HealthRecords.Entry finding) {
        return new Event.HealthFound(finding.operation(), finding.health());
    }

    /** As {@link #of(SnapshotManifest)}; none is ever adopted. */
    static Event of(ScheduleManifest manifest) {
        var schedule = manifest.schedule();
        var last = manifest.applied().last();
        return last == null
                ? new Event.ScheduleChanged(EventType.SCHEDULE_SET, schedule.updatedAt(), null, schedule)
                : new Event.ScheduleChanged(EventType.parse(last.type()), last.time(), last.operation(), schedule);
    }
}
