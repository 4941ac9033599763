package dev.snapfork.worker;

import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.platform.SnapforkConfig;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Cancellations in PostgreSQL, where the callers' side writes them; one statement each. */
@ApplicationScoped
class PostgresCancellations implements Cancellations {
    private static final String TAKE_UP = """
            insert into command_turn (operation, taken_up, since) values ($1, true, $2)
            on conflict (operation) do update set taken_up = command_turn.taken_up
            returning taken_up, asked_at is not null
            """;
    private static final String REQUESTS = """
            select accepted::text, taken_up from command_turn where asked_at is not null order by asked_at limit $1
            """;
    private static final String FORGET =
            "update command_turn set asked_at = null, accepted = null where operation = $1";
    private static final String FORGET_SETTLED = """
            delete from command_turn as t where since < $1
            or (taken_up and exists (select from settled_command as s where s.operation = t.operation))
            """;

    private final Pool pool;
    private final Clock clock;
    private final Duration limit;

    PostgresCancellations(Pool pool, Clock clock, SnapforkConfig config) {
        this.pool = pool;
        this.clock = clock;
        this.limit = config.worker().attemptLimit();
    }

    @Override
    public Turn takeUp(OperationId operation) {
        var row = execute(TAKE_UP, Tuple.of(operation.value(), clock.instant().atOffset(ZoneOffset.UTC)))
                .iterator()
                .next();
        if (!row.getBoolean(0)) {
            return Turn.WITHDRAWN;
        }
        return row.getBoolean(1) ? Turn.STOP : Turn.BEGIN;
    }

    @Override
    public List<Request> requests(int most) {
        return execute(REQUESTS, Tuple.of(most)).stream()
                .map(PostgresCancellations::request)
                .toList();
    }

    private static Request request(Row row) {
        return new Request(WireJson.read(row.getString(0), Operation.class), row.getBoolean(1));
    }

    @Override
    public void forget(OperationId operation) {
        execute(FORGET, Tuple.of(operation.value()));
    }

    @Override
    public void forgetSettled(Instant oldest) {
        execute(FORGET_SETTLED, Tuple.of(oldest.atOffset(ZoneOffset.UTC)));
    }

    private RowSet<Row> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).await().atMost(limit);
    }
}
