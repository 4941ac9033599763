package dev.snapfork.view;

import dev.snapfork.operation.OperationId;
import dev.snapfork.view.OperationViews.Result;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reads operations that calls wait for, from any thread: one round trip, and no session to set up for it. */
@ApplicationScoped
public class OperationLookup {
    private static final String AMONG =
            "select body::text, snapshot::text, instance::text from operation_view where id = any($1)";

    private static final String OPEN = """
            select count(*) from
            (select from operation_view where status in ('accepted', 'running') limit $1) as counted
            """;

    private final Pool pool;

    OperationLookup(Pool pool) {
        this.pool = pool;
    }

    /** The operation; empty if it cannot be read, or not yet. */
    public Uni<Optional<Result>> find(OperationId id) {
        return among(List.of(id.value())).map(found -> found.stream().findFirst());
    }

    /** How many operations have not ended; counts no further than to {@code most}. */
    public Uni<Integer> open(int most) {
        return pool.preparedQuery(OPEN)
                .execute(Tuple.of(most))
                .map(rows -> rows.iterator().next().getInteger(0));
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
