package dev.snapfork.worker;

import dev.snapfork.health.Health;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Found;
import java.io.IOException;

/** What a command needs lies on disk and is not what was put there. Trying again does not help; it is left as it is. */
final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Health.Subject subject;
    private final String id;
    private final String problem;
    private final boolean known;

    private DamagedException(Health.Subject subject, String id, String problem, boolean known) {
        super(subject.text() + " " + id + " is damaged: " + problem);
        this.subject = subject;
        this.id = id;
        this.problem = problem;
        this.known = known;
    }

    /** Something of the snapshot's payload was found to be wrong. */
    static DamagedException found(SnapshotId snapshot, String problem) {
        return new DamagedException(Health.Subject.SNAPSHOT, snapshot.value(), problem, false);
    }

    /** Something of the instance's record was found to be wrong. */
    static DamagedException found(InstanceId instance, String problem) {
        return new DamagedException(Health.Subject.INSTANCE, instance.value(), problem, false);
    }

    /** The snapshot's record cannot be read. */
    static DamagedException snapshot(Found.Damaged<?> damaged) {
        return new DamagedException(Health.Subject.SNAPSHOT, damaged.id(), damaged.problem(), false);
    }

    /** The instance's record cannot be read. */
    static DamagedException instance(Found.Damaged<?> damaged) {
        return new DamagedException(Health.Subject.INSTANCE, damaged.id(), damaged.problem(), false);
    }

    /** Somebody found that out before. */
    static DamagedException known(Health health) {
        return new DamagedException(health.subject(), health.id(), String.valueOf(health.error()), true);
    }

    Health.Subject subject() {
        return subject;
    }

    String id() {
        return id;
    }

    String problem() {
        return problem;
    }

    /** Whether this is on record already. */
    boolean isKnown() {
        return known;
    }

    /** What the command's caller is told. */
    Refusal refusal() {
        return switch (subject) {
            case SNAPSHOT ->
                Refusal.snapshotDamaged(getMessage() + "; delete it, or put its files right and verify it again");
            case INSTANCE ->
                Refusal.conflict(getMessage() + "; delete it, or put its record right and restart a worker");
        };
    }
}
