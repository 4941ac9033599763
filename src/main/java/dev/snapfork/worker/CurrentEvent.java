package dev.snapfork.worker;

import dev.snapfork.event.Event;
import dev.snapfork.event.EventType;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.HealthRecords;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.ScheduleManifest;
import dev.snapfork.store.SnapshotManifest;
import org.jspecify.annotations.Nullable;

/** The event of a manifest's version: the same whenever it is asked for. */
final class CurrentEvent {
    private CurrentEvent() {}

    /** Without one of its own the manifest was adopted, and has not changed since. */
    static Event of(SnapshotManifest manifest) {
        var snapshot = manifest.snapshot();
        var last = manifest.applied().last();
        return last == null
                ? new Event.SnapshotChanged(EventType.SNAPSHOT_ADOPTED, snapshot.createdAt(), null, snapshot)
                : new Event.SnapshotChanged(EventType.parse(last.type()), last.time(), last.operation(), snapshot);
    }

    /** As {@link #of(SnapshotManifest)}. */
    static Event of(InstanceManifest manifest) {
        var instance = manifest.instance();
        var last = manifest.applied().last();
        return last == null
                ? new Event.InstanceChanged(EventType.INSTANCE_ADOPTED, instance.createdAt(), null, instance, null)
                : new Event.InstanceChanged(
                        EventType.parse(last.type()), last.time(), last.operation(), instance, about(last));
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

    private static @Nullable SnapshotId about(LastEvent last) {
        return last.about() == null ? null : new SnapshotId(last.about());
    }
}
