package dev.snapfork.view;

import dev.snapfork.instance.InstanceId;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.SnapshotSchedule;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;

/** Finds snapshot schedules in the read model. */
@ApplicationScoped
public class ScheduleViews {
    /** One that is deleted and its successor may come in either order. */
    private static final String OF_INSTANCE = """
            select body::text from schedule_view where instance_id = $1 and deleted_at is null
            order by (body ->> 'created_at')::timestamptz desc, id limit 1
            """;

    private final Pool pool;

    ScheduleViews(Pool pool) {
        this.pool = pool;
    }

    /** The instance's schedule; fails with a {@link RefusedException}, {@code not_found}, if it has none. */
    public Uni<SnapshotSchedule> of(InstanceId instance) {
        return pool.preparedQuery(OF_INSTANCE)
                .mapping(row -> WireJson.read(row.getString(0), SnapshotSchedule.class))
                .execute(Tuple.of(instance.value()))
                .map(found -> found.stream().findFirst().orElseThrow(() -> none(instance)));
    }

    private static RefusedException none(InstanceId instance) {
        return new RefusedException(
                Refusal.notFound("snapshot schedule not found: instance " + instance + " has none, PUT one"));
    }
}
