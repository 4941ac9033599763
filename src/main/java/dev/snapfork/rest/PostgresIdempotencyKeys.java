package dev.snapfork.rest;

import dev.snapfork.command.CommandCodec;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.log.CloudEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/** Keys in PostgreSQL; one statement each. The command is kept as it is published. */
@ApplicationScoped
class PostgresIdempotencyKeys implements IdempotencyKeys {
    private static final String FIND = """
            select request, operation, command_type, command::text, claimed_at, publish_until from idempotency_key
            where caller = $1 and key = $2 and claimed_at >= $3
            """;
    private static final String CLAIM = """
            insert into idempotency_key
            (caller, key, request, operation, command_type, command, claimed_at, publish_until)
            values ($1, $2, $4, $5, $6, $7::text::jsonb, $8, $9)
            on conflict (caller, key) do update set
            request = excluded.request, operation = excluded.operation, command_type = excluded.command_type,
            command = excluded.command, answer = null, claimed_at = excluded.claimed_at, publish_until = excluded.publish_until
            where idempotency_key.claimed_at < $3
            returning operation
            """;
    private static final String TAKE_OVER = """
            update idempotency_key set publish_until = $5
            where caller = $1 and key = $2 and operation = $3 and publish_until <= $4
            """;
    private static final String GIVE_BACK = """
            update idempotency_key set publish_until = claimed_at where caller = $1 and key = $2 and operation = $3
            """;
    private static final String FORGET = """
            delete from idempotency_key where (caller, key) in
            (select caller, key from idempotency_key where claimed_at < $1 limit $2 for update skip locked)
            """;
    /** A claim that cannot be made because of another, which then has expired and gone, can be made the next time. */
    private static final int ATTEMPTS = 3;

    private final Pool pool;

    PostgresIdempotencyKeys(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Uni<Optional<Claim>> find(IdempotencyKey key, Instant since) {
        return execute(FIND, Tuple.of(key.caller(), key.key(), utc(since)))
                .map(rows -> rows.stream().findFirst().map(row -> claim(key, row)));
    }

    @Override
    public Uni<Claim> claim(Claim wanted, Instant since) {
        return claim(wanted, since, ATTEMPTS);
    }

    private Uni<Claim> claim(Claim wanted, Instant since, int attempts) {
        if (attempts == 0) {
            return Uni.createFrom().failure(new IllegalStateException("a key was claimed and forgotten by turns"));
        }
        var event = CommandCodec.attributes(wanted.envelope());
        var row = Tuple.tuple()
                .addString(wanted.key().caller())
                .addString(wanted.key().key())
                .addOffsetDateTime(utc(since))
                .addString(wanted.request())
                .addString(event.id())
                .addString(event.type())
                .addString(new String(CommandCodec.data(wanted.envelope()), StandardCharsets.UTF_8))
                .addOffsetDateTime(utc(event.time()))
                .addOffsetDateTime(utc(wanted.publishUntil()));
        return execute(CLAIM, row)
                .chain(made -> made.size() > 0
                        ? Uni.createFrom().item(wanted)
                        : find(wanted.key(), since).chain(standing -> standing.map(Uni.createFrom()::item)
                                .orElseGet(() -> claim(wanted, since, attempts - 1))));
    }

    @Override
    public Uni<Boolean> takeOver(Claim claim, Instant now, Instant until) {
        return execute(TAKE_OVER, named(claim).addOffsetDateTime(utc(now)).addOffsetDateTime(utc(until)))
                .map(updated -> updated.rowCount() > 0);
    }

    @Override
    public Uni<Void> giveBack(Claim claim) {
        return execute(GIVE_BACK, named(claim)).replaceWithVoid();
    }

    @Override
    public Uni<Integer> forgetBefore(Instant time, int most) {
        return execute(FORGET, Tuple.of(utc(time), most)).map(RowSet::rowCount);
    }

    private static Tuple named(Claim claim) {
        return Tuple.of(
                claim.key().caller(), claim.key().key(), claim.operation().value());
    }

    private static Claim claim(IdempotencyKey key, Row row) {
        if (row.getString(3) == null) {
            throw new KeyTakenException();
        }
        var event = new CloudEvent(
                row.getString(1),
                row.getString(2),
                "",
                "",
                row.getOffsetDateTime(4).toInstant(),
                Map.of());
        CommandEnvelope envelope =
                CommandCodec.decode(event.headers(), row.getString(3).getBytes(StandardCharsets.UTF_8));
        return new Claim(
                key, row.getString(0), envelope, row.getOffsetDateTime(5).toInstant());
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }
}
