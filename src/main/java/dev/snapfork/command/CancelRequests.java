package dev.snapfork.command;

import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Operation;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.ZoneOffset;

/**
 * Asks the workers to stop a command, wherever it is: not yet in a worker's hands, in work, or between a worker that died and the
 * next. The request is kept in PostgreSQL, in the table {@code command_turn}, and told to all workers.
 */
@ApplicationScoped
public class CancelRequests {
    /** The channel that tells workers to look; its payload is the operation's id. */
    public static final String CHANNEL = "snapfork_cancellations";

    private static final String ASK = """
            with asked as (
            insert into command_turn (operation, taken_up, asked_at, accepted, since) values ($1, false, $2, $3::text::jsonb, $2)
            on conflict (operation) do update set
            asked_at = coalesce(command_turn.asked_at, excluded.asked_at), accepted = excluded.accepted)
            select pg_notify($4, $1)
            """;

    private final Pool pool;
    private final Clock clock;

    public CancelRequests(Pool pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    /**
     * Completes when the request is on record for good; asking again changes nothing. The command then ends as cancelled, or in
     * another way if it was past stopping. On a failure it is not known whether the request is on record.
     */
    public Uni<Void> ask(Operation operation) {
        var accepted = Operation.accepted(
                operation.id(),
                operation.kind(),
                operation.snapshotId(),
                operation.instanceId(),
                operation.createdAt());
        var row = Tuple.of(
                operation.id().value(), clock.instant().atOffset(ZoneOffset.UTC), WireJson.text(accepted), CHANNEL);
        return pool.preparedQuery(ASK).execute(row).replaceWithVoid();
    }
}
