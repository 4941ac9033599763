package dev.snapfork.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command as its caller sees it.
 *
 * @param snapshotId the snapshot that the command reads, makes or removes
 * @param instanceId the instance that the command reads, makes or removes; of a fork the new one
 * @param createdAt when the command was accepted
 * @param error why it was rejected, failed or cancelled
 * @param pauseMs how long a machine that ran stood still for it, in milliseconds
 * @param identity of a fork that runs: what makes it a machine of its own
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Operation(
        OperationId id,
        OperationKind kind,
        OperationStatus status,
        @Nullable String snapshotId,
        @Nullable String instanceId,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Progress progress,
        @Nullable Refusal error,
        @Nullable Long pauseMs,
        @Nullable IdentityReset identity) {

    public Operation {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(createdAt, "created_at");
    }

    private Operation(
            OperationId id,
            OperationKind kind,
            OperationStatus status,
            @Nullable String snapshotId,
            @Nullable String instanceId,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Progress progress,
            @Nullable Refusal error) {
        this(id, kind, status, snapshotId, instanceId, createdAt, startedAt, finishedAt, progress, error, null, null);
    }

    /** The command has been published and nothing more is known. */
    public static Operation accepted(
            OperationId id,
            OperationKind kind,
            @Nullable String snapshotId,
            @Nullable String instanceId,
            Instant createdAt) {
        return new Operation(
                id, kind, OperationStatus.ACCEPTED, snapshotId, instanceId, createdAt, null, null, null, null);
    }

    /** This state of an operation, said by somebody who may not have been able to read its command: then as another knows it. */
    public Operation knownAs(Operation other) {
        return kind != OperationKind.UNKNOWN
                ? this
                : new Operation(
                        id,
                        other.kind,
                        status,
                        other.snapshotId,
                        other.instanceId,
                        other.createdAt,
                        startedAt,
                        finishedAt,
                        progress,
                        error,
                        pauseMs,
                        identity);
    }

    public Operation running(Instant started, Progress reached) {
        return new Operation(
                id, kind, OperationStatus.RUNNING, snapshotId, instanceId, createdAt, started, null, reached, null);
    }

    /** The final state of a command that was cancelled before any worker had begun with it. */
    public Operation withdrawn(Instant finished, Refusal why) {
        return new Operation(
                id, kind, OperationStatus.CANCELLED, snapshotId, instanceId, createdAt, null, finished, null, why);
    }

    /** The final state; {@code reached} is kept as the record of the work done. */
    public Operation settled(
            OperationStatus end, Instant started, Instant finished, @Nullable Progress reached, @Nullable Refusal why) {
        if (!end.settled()) {
            throw new IllegalArgumentException("not a final status: " + end);
        }
        return new Operation(id, kind, end, snapshotId, instanceId, createdAt, started, finished, reached, why);
    }

    /** The same state with what there is to tell beside it. */
    public Operation telling(Particulars particulars) {
        return new Operation(
                id,
                kind,
                status,
                snapshotId,
                instanceId,
                createdAt,
                startedAt,
                finishedAt,
                progress,
                error,
                particulars.pauseMs(),
                particulars.identity());
    }
}
