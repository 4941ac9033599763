package dev.snapfork.view;

import dev.snapfork.view.OperationViews.Result;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;

/** Reads operations that calls wait for, from any thread: one round trip, and no session to set up for it. */
@ApplicationScoped
class OperationLookup {
    private static final String AMONG =
            "select body::text, snapshot::text, instance::text from operation_view where id = any($1)";

    private final Pool pool;

    OperationLookup(Pool pool) {
        this.pool = pool;
    }

    /** Those of the given operations that are there. */
    Uni<List<Result>> among(Collection<String> ids) {
        return pool.preparedQuery(AMONG)
                .mapping(OperationLookup::result)
                .execute(Tuple.tuple().addArrayOfString(ids.toArray(String[]::new)))
                .map(rows -> rows.stream().toList());
    }

    private static Result result(Row row) {
        return OperationViews.result(row.getString(0), row.getString(1), row.getString(2));
    }
}
