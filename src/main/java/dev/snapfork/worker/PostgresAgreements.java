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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What workers agree on, in PostgreSQL: one statement each, so that of rivals exactly one wins. The row of a command's latest
 * attempt is locked by whatever that attempt may do only as long as it is the latest.
 */
@ApplicationScoped
class PostgresAgreements implements NameClaims, Settlements {
    private static final String BEGIN = """
            insert into command_attempt (operation, attempt, begun_at)
            select $1, $2, now() where not exists (select from settled_command where operation = $1)
            on conflict (operation) do update set attempt = excluded.attempt, begun_at = excluded.begun_at
            where not command_attempt.settled
            returning operation
            """;
    private static final String FIND = "select body::text from settled_command where operation = $1";
    private static final String OPEN = "select 1 from command_attempt where operation = $1 and not settled";
    private static final String FAILED = """
            select body::text from settled_command where body -> 'outcome' ->> 'status' = 'failed' order by settled_at
            """;
    private static final String RECORD = """
            with latest as (
            update command_attempt set settled = true
            where operation = $1 and attempt = $4 and not settled
            returning operation)
            insert into settled_command (operation, body, settled_at)
            select operation, $2::text::jsonb, $3::timestamptz from latest
            on conflict (operation) do nothing
            returning body::text
            """;
    private static final String FORGET = """
            with attempts as (
            delete from command_attempt where begun_at < $1 and not exists (
            select from settled_command where operation = command_attempt.operation and settled_at >= $1))
            delete from settled_command where settled_at < $1
            """;

    private static final String CLAIM = """
            with latest as (
            select operation from command_attempt where operation = $4 and attempt = $5 and not settled for share)
            insert into name_claim (scope, name, owner_id, operation)
            select $1, $2, $3, operation from latest
            on conflict (scope, name) do update set operation = name_claim.operation
            returning owner_id
            """;
    private static final String RELEASE = """
            with latest as (
            select 1 from command_attempt where operation = $2 and attempt = $3 and not settled for share)
            delete from name_claim where owner_id = $1 and exists (select from latest)
            """;
    private static final String ADOPT = """
            insert into name_claim (scope, name, owner_id, operation) values ($1, $2, $3, $4)
            on conflict (scope, name) do update set operation = name_claim.operation
            returning owner_id
            """;
    private static final String ADOPT_FREE = """
            insert into name_claim (scope, name, owner_id, operation)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
            on conflict (scope, name) do nothing
            returning owner_id
            """;
    private static final String SETTLED_OWNERS = """
            select owner_id from name_claim join settled_command using (operation) order by owner_id
            """;
    private static final String RELEASE_GONE = "delete from name_claim where owner_id = $1";

    private final Pool pool;
    private final Duration limit;

    PostgresAgreements(Pool pool, SnapforkConfig config) {
        this.pool = pool;
        this.limit = config.worker().attemptLimit();
    }

    @Override
    public Optional<OperationSettled> begin(AttemptId attempt) {
        var begun = execute(BEGIN, Tuple.of(attempt.operation().value(), attempt.name()));
        // a row that says settled was written together with how it settled
        return begun.iterator().hasNext() ? Optional.empty() : find(attempt.operation());
    }

    @Override
    public Optional<OperationSettled> find(OperationId operation) {
        return first(execute(FIND, Tuple.of(operation.value())));
    }

    @Override
    public boolean isOpen(OperationId operation) {
        return execute(OPEN, Tuple.of(operation.value())).iterator().hasNext();
    }

    @Override
    public List<OperationSettled> failed() {
        var ends = new ArrayList<OperationSettled>();
        execute(FAILED, Tuple.tuple()).forEach(row -> ends.add(read(row)));
        return ends;
    }

    @Override
    public Optional<OperationSettled> record(OperationSettled settled, AttemptId attempt) {
        var row = Tuple.of(
                attempt.operation().value(),
                WireJson.text(settled),
                settled.time().atOffset(ZoneOffset.UTC),
                attempt.name());
        return first(execute(RECORD, row)).or(() -> find(attempt.operation()));
    }

    @Override
    public void forgetBefore(Instant time) {
        execute(FORGET, Tuple.of(time.atOffset(ZoneOffset.UTC)));
    }

    @Override
    public Claim claim(String scope, String name, String owner, AttemptId attempt) {
        var row = Tuple.of(scope, name, owner, attempt.operation().value(), attempt.name());
        var holder = execute(CLAIM, row).iterator();
        if (!holder.hasNext()) {
            return Claim.LOST;
        }
        return holder.next().getString(0).equals(owner) ? Claim.HELD : Claim.TAKEN;
    }

    @Override
    public void release(String owner, AttemptId attempt) {
        execute(RELEASE, Tuple.of(owner, attempt.operation().value(), attempt.name()));
    }

    @Override
    public boolean adopt(String scope, String name, String owner, OperationId cause) {
        var holder = execute(ADOPT, Tuple.of(scope, name, owner, cause.value()));
        return holder.iterator().next().getString(0).equals(owner);
    }

    @Override
    public Set<String> adoptFree(List<Holding> holdings) {
        return owners(execute(
                ADOPT_FREE,
                Tuple.of(
                        column(holdings, Holding::scope),
                        column(holdings, Holding::name),
                        column(holdings, Holding::owner),
                        column(holdings, holding -> holding.cause().value()))));
    }

    private static String[] column(List<Holding> holdings, Function<Holding, String> value) {
        return holdings.stream().map(value).toArray(String[]::new);
    }

    @Override
    public Set<String> settledOwners() {
        return owners(execute(SETTLED_OWNERS, Tuple.tuple()));
    }

    private static Set<String> owners(RowSet<Row> rows) {
        var owners = new LinkedHashSet<String>();
        rows.forEach(row -> owners.add(row.getString(0)));
        return owners;
    }

    @Override
    public void releaseGone(String owner) {
        execute(RELEASE_GONE, Tuple.of(owner));
    }

    private static Optional<OperationSettled> first(RowSet<Row> rows) {
        var row = rows.iterator();
        return row.hasNext() ? Optional.of(read(row.next())) : Optional.empty();
    }

    private static OperationSettled read(Row row) {
        return WireJson.read(row.getString(0), OperationSettled.class);
    }

    private RowSet<Row> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).await().atMost(limit);
    }
}
