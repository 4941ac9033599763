package dev.snapfork.rest;

import dev.snapfork.log.WireJson;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/** The answers to requests that have a key and make no command, in the table of all keys; one statement each. */
@ApplicationScoped
class KeptAnswers {
    private static final String CLAIM = """
            insert into idempotency_key (caller, key, request, claimed_at, publish_until) values ($1, $2, $3, $4, $5)
            on conflict (caller, key) do update set
            request = excluded.request, operation = null, command_type = null, command = null, answer = null,
            claimed_at = excluded.claimed_at, publish_until = excluded.publish_until
            where idempotency_key.claimed_at < $6
            or (idempotency_key.request = excluded.request and idempotency_key.command is null
            and idempotency_key.answer is null and idempotency_key.publish_until <= $4)
            """;
    private static final String STANDING =
            "select request, answer::text, publish_until from idempotency_key where caller = $1 and key = $2";
    private static final String KEEP = """
            update idempotency_key set answer = $5::text::jsonb
            where caller = $1 and key = $2 and request = $3 and claimed_at = $4 and command is null
            """;
    private static final String GIVE_BACK = """
            delete from idempotency_key
            where caller = $1 and key = $2 and request = $3 and claimed_at = $4 and command is null and answer is null
            """;

    private final Pool pool;

    KeptAnswers(Pool pool) {
        this.pool = pool;
    }

    /** What a key stands for. */
    sealed interface Standing {
        /** For the request that asked, which is now to be done. */
        record Ours() implements Standing {}

        /** For another. */
        record Others() implements Standing {}

        /** For an equal one that has no answer yet; in that time it has one, or another may do it. */
        record InWork(Duration rest) implements Standing {}

        /** For an equal one with this answer. */
        record Answered(Response answer) implements Standing {}
    }

    private record Kept(int status, Map<String, String> headers, String body) {}

    /**
     * Claims the key, unless it stands for something.
     *
     * @param now in microseconds, by which the claim is known
     * @param until when an equal request may be done instead of this one
     * @param since claims made before have expired
     */
    Uni<Standing> claim(IdempotencyKey key, String request, Instant now, Instant until, Instant since) {
        var row = named(key, request, now)
                .addOffsetDateTime(until.atOffset(ZoneOffset.UTC))
                .addOffsetDateTime(since.atOffset(ZoneOffset.UTC));
        return execute(CLAIM, row)
                .chain(made -> made.rowCount() > 0
                        ? Uni.createFrom().item(new Standing.Ours())
                        : execute(STANDING, Tuple.of(key.caller(), key.key())).map(rows -> rows.stream()
                                .findFirst()
                                .map(found -> standing(found, request, now))
                                // given back just now
                                .orElseGet(() -> new Standing.InWork(Duration.ZERO))));
    }

    private static Standing standing(Row row, String request, Instant now) {
        if (!row.getString(0).equals(request)) {
            return new Standing.Others();
        }
        var answer = row.getString(1);
        return answer == null
                ? new Standing.InWork(
                        Duration.between(now, row.getOffsetDateTime(2).toInstant()))
                : new Standing.Answered(answer(WireJson.read(answer, Kept.class)));
    }

    private static Response answer(Kept kept) {
        var answer = Response.status(kept.status()).type(MediaType.APPLICATION_JSON);
        kept.headers().forEach(answer::header);
        return answer.entity(kept.body()).build();
    }

    /**
     * Keeps the answer for the claim made at that time, unless another has taken the claim's place.
     *
     * @param answer in JSON
     */
    Uni<Void> keep(IdempotencyKey key, String request, Instant claimed, Response answer) {
        var headers = new TreeMap<String, String>();
        answer.getHeaders().forEach((name, values) -> headers.put(name, String.valueOf(values.getFirst())));
        headers.remove("Content-Type");
        var kept = WireJson.text(new Kept(answer.getStatus(), headers, String.valueOf(answer.getEntity())));
        return execute(KEEP, named(key, request, claimed).addString(kept)).replaceWithVoid();
    }

    /** Forgets the claim made at that time: it came to nothing that is worth keeping. */
    Uni<Void> giveBack(IdempotencyKey key, String request, Instant claimed) {
        return execute(GIVE_BACK, named(key, request, claimed)).replaceWithVoid();
    }

    private static Tuple named(IdempotencyKey key, String request, Instant claimed) {
        return Tuple.of(key.caller(), key.key(), request, claimed.atOffset(ZoneOffset.UTC));
    }

    private Uni<RowSet<Row>> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters);
    }
}
