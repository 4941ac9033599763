package dev.snapfork.view;

import dev.snapfork.deadletter.DeadLetter;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Cuid;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds dead letters in the read model. */
@ApplicationScoped
public class DeadLetterViews {
    private static final String SHOWN = "envelope is not null and discarded_at is null";
    private static final String BY_ID = """
            select envelope::text, content::text, retries, retried_at, retry_operation from dead_letter
            where id = $1 and\s""" + SHOWN;
    private static final String OPEN = "select count(*) from dead_letter where retries = 0 and " + SHOWN;
    private static final String FORGET =
            "delete from dead_letter where coalesce(died_at, retried_at, discarded_at) < $1";

    private final Rows rows = new Rows();
    private final Pool pool;

    DeadLetterViews(Pool pool) {
        this.pool = pool;
    }

    private static final class Rows implements PanacheRepositoryBase<DeadLetterRow, String> {}

    /** What must match; null matches everything. */
    public record Query(
            @Nullable String topic,
            @Nullable String state,
            @Nullable String operationId) {}

    /** A letter with its content; as of what cannot be an id, there is none. */
    public Uni<Optional<ListedLetter>> find(String id) {
        if (!Cuid.isValid(id)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return pool.preparedQuery(BY_ID)
                .mapping(DeadLetterViews::whole)
                .execute(Tuple.of(id))
                .map(found -> found.stream().findFirst());
    }

    /** Letters without their contents. */
    @WithSession
    public Uni<Page<ListedLetter>> list(Query query, Page.Request page) {
        return new Filter("envelope is not null and discardedAt is null")
                .equal("topic", query.topic())
                .equal("state", query.state())
                .equal("operation", query.operationId())
                .page(rows, page, row -> new Page.Cursor(row.createdAt, row.id), DeadLetterViews::envelope);
    }

    /** How many there are that nobody has retried or discarded. */
    public Uni<Long> open() {
        return pool.preparedQuery(OPEN)
                .execute()
                .map(found -> found.iterator().next().getLong(0));
    }

    /** Forgets letters older than what is kept of the topic that they are read from. */
    public Uni<Void> forgetBefore(Instant time) {
        return pool.preparedQuery(FORGET)
                .execute(Tuple.of(time.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private static ListedLetter whole(Row row) {
        var content = WireJson.read(row.getString(1), DeadLetter.Content.class);
        var retriedAt = row.getOffsetDateTime(3);
        return ListedLetter.of(
                WireJson.read(row.getString(0), DeadLetter.class).with(content),
                row.getInteger(2),
                instant(retriedAt),
                row.getString(4));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static ListedLetter envelope(DeadLetterRow row) {
        return ListedLetter.of(
                WireJson.read(row.envelope, DeadLetter.class), row.retries, row.retriedAt, row.retryOperation);
    }
}
