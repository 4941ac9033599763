package dev.snapfork.view;

import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Cuid;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots as the JSON that the API answers with. What the read model keeps is handed through: to read a page of a hundred into objects
 * and to write them again costs several times as much as to find it.
 */
@ApplicationScoped
public class SnapshotDocuments {
    private static final String BY_ID = "select " + SnapshotSelection.COLUMNS
            + " from snapshot_state s left join health_finding f on f.id = s.id where s.id = $1 and s.deleted_at is null";

    private static final int ID = 0;
    private static final int CREATED_AT = 1;
    private static final int BODY = 2;
    private static final int STATE = 3;
    private static final int CHECKED_AT = 4;
    private static final int ERROR = 5;

    private final Pool pool;

    SnapshotDocuments(Pool pool) {
        this.pool = pool;
    }

    /** What must match; null and empty match everything. */
    public record Query(
            @Nullable String name,
            @Nullable String kind,
            @Nullable String sourceInstanceId,
            @Nullable String health,
            Map<String, String> tags) {}

    /** Whoever asks for what cannot be an id gets the same answer as for one that nobody has. */
    public Uni<Optional<String>> find(String id) {
        if (!Cuid.isValid(id)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return pool.preparedQuery(BY_ID)
                .execute(Tuple.of(id))
                .map(found -> found.stream().map(SnapshotDocuments::document).findFirst());
    }

    /** Newest first. */
    public Uni<Page<String>> list(Query query, Page.Request page) {
        var statement = new SnapshotSelection(query, page);
        return pool.preparedQuery(statement.sql())
                .execute(statement.parameters())
                .map(found -> Page.of(
                        found.stream().toList(),
                        page.limit(),
                        row -> new Page.Cursor(row.getOffsetDateTime(CREATED_AT).toInstant(), row.getString(ID)),
                        SnapshotDocuments::document));
    }

    private static String document(Row row) {
        var body = CompactJson.of(row.getString(BODY));
        var state = row.getString(STATE);
        return state == null
                ? with(body, "unknown", null, null)
                : with(body, state, row.getOffsetDateTime(CHECKED_AT), row.getString(ERROR));
    }

    /**
     * The snapshot's own state with what was found out about its files.
     *
     * @param body an object that says nothing of that
     */
    static String with(String body, String state, @Nullable OffsetDateTime checkedAt, @Nullable String error) {
        var end = body.lastIndexOf('}');
        var document = new StringBuilder(body.length() + 128).append(body, 0, end);
        if (document.length() > 1) {
            document.append(',');
        }
        document.append("\"health\":").append(WireJson.text(state));
        if (checkedAt != null) {
            document.append(",\"health_checked_at\":").append(WireJson.text(checkedAt.toInstant()));
        }
        if (error != null) {
            document.append(",\"health_error\":").append(WireJson.text(error));
        }
        return document.append('}').toString();
    }
}
