package dev.snapfork.view;

import dev.snapfork.instance.Instance;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotSchedule;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds operations in the read model. */
@ApplicationScoped
@WithSession
public class OperationViews {
    private final Rows rows = new Rows();

    private static final class Rows implements PanacheRepositoryBase<OperationRow, String> {}

    /** What must match; null matches everything. */
    public record Query(
            @Nullable String status,
            @Nullable String kind,
            @Nullable String snapshotId,
            @Nullable String instanceId) {}

    /**
     * An operation with what it made, as that was when the operation settled.
     */
    public record Result(
            Operation operation,
            Optional<Snapshot> snapshot,
            Optional<Instance> instance,
            Optional<SnapshotSchedule> schedule) {
        public Result(Operation operation, Optional<Snapshot> snapshot, Optional<Instance> instance) {
            this(operation, snapshot, instance, Optional.empty());
        }
    }

    /** As of what cannot be an id, there is none. */
    public Uni<Optional<Result>> find(String id) {
        if (!Cuid.isValid(id)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return rows.findById(id).map(row -> Optional.ofNullable(row).map(OperationViews::result));
    }

    public Uni<Page<Operation>> list(Query query, Page.Request page) {
        return new Filter("1 = 1")
                .equal("status", query.status())
                .equal("kind", query.kind())
                .equal("snapshotId", query.snapshotId())
                .equal("instanceId", query.instanceId())
                .page(
                        rows,
                        page,
                        row -> new Page.Cursor(row.createdAt, row.id),
                        row -> WireJson.read(row.body, Operation.class));
    }

    private static Result result(OperationRow row) {
        return result(row.body, row.snapshot, row.instance, row.schedule);
    }

    static Result result(
            String operation, @Nullable String snapshot, @Nullable String instance, @Nullable String schedule) {
        return new Result(
                WireJson.read(operation, Operation.class),
                Optional.ofNullable(snapshot).map(json -> WireJson.read(json, Snapshot.class)),
                Optional.ofNullable(instance).map(json -> WireJson.read(json, Instance.class)),
                Optional.ofNullable(schedule).map(json -> WireJson.read(json, SnapshotSchedule.class)));
    }
}
