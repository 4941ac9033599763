package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.instance.Instance;
import dev.snapfork.log.WireJson;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotSchedule;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What PostgreSQL knows of the past that the payload store does not: how commands ended, and what the read model shows. In
 * pages by id, each from behind the id that the last one ended with; a page that is not full is the last one.
 */
@ApplicationScoped
class Republished {
    /** Rows of a page. */
    static final int PAGE = 256;

    private static final String ENDS =
            "select body::text from settled_command where operation > $1 order by operation limit $2";
    private static final String SHOWN =
            "select body::text from %s where deleted_at is null and id > $1 order by id limit $2";
    private static final String SNAPSHOTS = SHOWN.formatted("snapshot_state");
    private static final String SCHEDULES = SHOWN.formatted("schedule_view");
    private static final String INSTANCES = SHOWN.formatted("instance_state");

    private final Pool pool;
    private final Duration limit;

    Republished(Pool pool, SnapforkConfig config) {
        this.pool = pool;
        this.limit = config.worker().attemptLimit();
    }

    List<OperationSettled> ends(String after) {
        return page(ENDS, after, row -> WireJson.read(row.getString(0), OperationSettled.class));
    }

    List<Snapshot> shownSnapshots(String after) {
        return page(SNAPSHOTS, after, row -> WireJson.read(row.getString(0), Snapshot.class));
    }

    List<Instance> shownInstances(String after) {
        return page(INSTANCES, after, row -> WireJson.read(row.getString(0), Instance.class));
    }

    List<SnapshotSchedule> shownSchedules(String after) {
        return page(SCHEDULES, after, row -> WireJson.read(row.getString(0), SnapshotSchedule.class));
    }

    private <T> List<T> page(String sql, String after, Function<Row, T> form) {
        RowSet<Row> rows =
                pool.preparedQuery(sql).execute(Tuple.of(after, PAGE)).await().atMost(limit);
        return rows.stream().map(form).toList();
    }
}
