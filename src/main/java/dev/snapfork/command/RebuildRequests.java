package dev.snapfork.command;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks the workers to make the event log anew, and lets one of them at a time do it. Kept in PostgreSQL, in the table {@code
 * event_log_rebuild}: it is asked for when Kafka has lost what was in it. One statement each.
 */
@ApplicationScoped
public class RebuildRequests {
    private static final String ASK = "update event_log_rebuild set asked = asked + 1 returning asked, completed";
    private static final String STATE = "select asked, completed from event_log_rebuild";
    private static final String CLAIM = """
            update event_log_rebuild set worker = $1, worker_until = now() + make_interval(secs => $2)
            where asked > completed and (worker is null or worker = $1 or worker_until < now())
            returning asked
            """;
    /**
     * The log's records lie elsewhere now, so the read model's place in them means nothing any more. Places are locked in the order in
     * which the projection moves them: neither ever waits for the other twice over.
     */
    private static final String COMPLETE = """
            with mine as (
            update event_log_rebuild set completed = $2, worker = null, worker_until = null
            where worker = $1 returning completed),
            places as (
            select topic, partition from projection_checkpoint where exists (select from mine)
            order by topic, partition for update),
            forgotten as (
            delete from projection_checkpoint as c using places where c.topic = places.topic and c.partition = places.partition)
            update projection_epoch set epoch = epoch + 1 where exists (select from mine)
            """;

    private final Pool pool;

    public RebuildRequests(Pool pool) {
        this.pool = pool;
    }

    /**
     * How far it is.
     *
     * @param asked counts the requests
     * @param completed the last of them that was done, with all before it
     */
    public record State(long asked, long completed) {}

    /** Completes when the request is on record for good. */
    public Uni<State> ask() {
        return execute(ASK, Tuple.tuple()).map(RebuildRequests::state);
    }

    public Uni<State> state() {
        return execute(STATE, Tuple.tuple()).map(RebuildRequests::state);
    }

    /**
     * Takes what is asked for, or keeps it for longer.
     *
     * @param worker no other has that name
     * @param lease others take it over if it is not claimed again within that time
     * @return the request up to which it is to be done; empty if there is none, or another worker has it
     */
    public Uni<Optional<Long>> claim(String worker, Duration lease) {
        return execute(CLAIM, Tuple.of(worker, (double) lease.toSeconds()))
                .map(rows -> rows.stream().findFirst().map(row -> row.getLong(0)));
    }

    /**
     * Everything is published again: says so, and in the same transaction asks the projection to start over. Nothing happens
     * if another worker has taken it over.
     */
    public Uni<Void> complete(String worker, long upTo) {
        return execute(COMPLETE, Tuple.of(worker, upTo)).replaceWithVoid();
    }

    private static State state(RowSet<Row> rows) {
        var row = rows.iterator().next();
        return new State(row.getLong(0), row.getLong(1));
    }

    private Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }
}
