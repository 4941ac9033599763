package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.OperationId;
import dev.snapfork.platform.SnapforkConfig;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** What workers agree on, in PostgreSQL: one statement each, so that of rivals exactly one wins. */
@ApplicationScoped
class PostgresAgreements implements NameClaims, Settlements {
    private static final String CLAIM = """
            insert into name_claim (scope, name, owner_id, operation) values ($1, $2, $3, $4)
            on conflict (scope, name) do update set operation = name_claim.operation
            returning owner_id
            """;
    private static final String RELEASE = "delete from name_claim where owner_id = $1";
    private static final String FIND = "select body::text from settled_command where operation = $1";
    private static final String RECORD = """
            insert into settled_command (operation, body, settled_at) values ($1, $2::text::jsonb, $3)
            on conflict (operation) do update set operation = excluded.operation
            returning body::text
            """;
    private static final String FORGET = "delete from settled_command where settled_at < $1";

    private final Pool pool;
    private final Duration limit;

    PostgresAgreements(Pool pool, SnapforkConfig config) {
        this.pool = pool;
        this.limit = config.worker().attemptLimit();
    }

    @Override
    public boolean claim(String scope, String name, String owner, OperationId operation) {
        var holder = execute(CLAIM, Tuple.of(scope, name, owner, operation.value()))
                .iterator()
                .next()
                .getString(0);
        return holder.equals(owner);
    }

    @Override
    public void release(String owner) {
        execute(RELEASE, Tuple.of(owner));
    }

    @Override
    public Optional<OperationSettled> find(OperationId operation) {
        var rows = execute(FIND, Tuple.of(operation.value())).iterator();
        return rows.hasNext() ? Optional.of(read(rows.next())) : Optional.empty();
    }

    @Override
    public OperationSettled record(OperationSettled settled) {
        var row = Tuple.of(
                settled.outcome().id().value(),
                WireJson.text(settled),
                settled.time().atOffset(ZoneOffset.UTC));
        return read(execute(RECORD, row).iterator().next());
    }

    @Override
    public void forgetBefore(Instant time) {
        execute(FORGET, Tuple.of(time.atOffset(ZoneOffset.UTC)));
    }

    private static OperationSettled read(Row row) {
        return WireJson.read(row.getString(0), OperationSettled.class);
    }

    private RowSet<Row> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).await().atMost(limit);
    }
}
