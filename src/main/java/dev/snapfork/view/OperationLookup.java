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
import org.jspecify.annotations.Nullable;

/** Reads operations that calls wait for, from any thread: one round trip, and no session to set up for it. */
@ApplicationScoped
public class OperationLookup {
    private static final String AMONG =
            "select body::text, snapshot::text, instance::text, schedule::text from operation_view where id = any($1)";

    private static final String OPEN = """
            select count(*), exists (select from operation_view where id = $2) from
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

    /**
     * How many operations have not ended.
     *
     * @param upTo whether the operation that was asked about is there, and so, about, all that were accepted before it
     */
    public record Count(int open, boolean upTo) {}

    /**
     * Counts the operations that have not ended, no further than to {@code most}.
     *
     * @param upTo an operation to ask about beside; null for none
     */
    public Uni<Count> open(int most, @Nullable OperationId upTo) {
        return pool.preparedQuery(OPEN)
                .execute(Tuple.of(most, upTo == null ? "" : upTo.value()))
                .map(rows -> rows.iterator().next())
                .map(row -> new Count(row.getInteger(0), row.getBoolean(1)));
    }

    /** Those of the given operations that are there. */
    Uni<List<Result>> among(Collection<String> ids) {
        return pool.preparedQuery(AMONG)
                .mapping(OperationLookup::result)
                .execute(Tuple.tuple().addArrayOfString(ids.toArray(String[]::new)))
                .map(rows -> rows.stream().toList());
    }

    private static Result result(Row row) {
        return OperationViews.result(row.getString(0), row.getString(1), row.getString(2), row.getString(3));
    }
}
