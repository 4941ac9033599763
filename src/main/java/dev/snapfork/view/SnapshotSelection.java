package dev.snapfork.view;

import dev.snapfork.log.WireJson;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The statement that finds a page of the catalogue, by the index of what is asked for. Findings are joined to the rows of the page alone.
 * What a caller says is a parameter, so that there are only as many statements to prepare as there are combinations of filters.
 */
final class SnapshotSelection {
    /** What a document is made of: the columns of {@code s}, a snapshot's, and {@code f}, what was found out about it. */
    static final String COLUMNS = "s.id, s.created_at, s.body::text, f.state, f.checked_at, f.error";

    private static final String BY_HEALTH = """
            select s.id, h.listed_at as created_at, s.body from snapshot_health h join snapshot_state s on s.id = h.id
            where h.listed_at is not null and s.deleted_at is null""";

    private static final String OTHERWISE = """
            select s.id, s.created_at, s.body from snapshot_state s where s.deleted_at is null""";

    private final StringBuilder where = new StringBuilder();
    private final Tuple parameters = Tuple.tuple();
    private final String sql;

    SnapshotSelection(SnapshotDocuments.Query query, Page.Request page) {
        // the order of the index that is to be read; both are the same time
        var at = query.health() == null ? "s.created_at" : "h.listed_at";
        var id = query.health() == null ? "s.id" : "h.id";
        equal("s.name", query.name());
        equal("s.kind", query.kind());
        equal("s.source_instance_id", query.sourceInstanceId());
        equal("h.state", query.health());
        if (!query.tags().isEmpty()) {
            where.append(" and s.tags @> ")
                    .append(parameter(WireJson.text(query.tags())))
                    .append("::text::jsonb");
        }
        if (page.after() != null) {
            where.append(" and (%s, %s) < (%s, %s)"
                    .formatted(
                            at,
                            id,
                            parameter(page.after().createdAt().atOffset(ZoneOffset.UTC)),
                            parameter(page.after().id())));
        }
        where.append(" order by %s desc, %s desc".formatted(at, id));
        if (page.limit() != null) {
            // one more tells whether there is a next page
            where.append(" limit ").append(parameter(page.limit() + 1L));
        }
        sql = """
                select %s from (%s%s) s left join health_finding f on f.id = s.id
                order by s.created_at desc, s.id desc""".formatted(COLUMNS, query.health() == null ? OTHERWISE : BY_HEALTH, where);
    }

    String sql() {
        return sql;
    }

    Tuple parameters() {
        return parameters;
    }

    private void equal(String column, @Nullable String value) {
        if (value != null && !Filter.canBeStored(value)) {
            where.append(" and false");
        } else if (value != null) {
            where.append(" and ").append(column).append(" = ").append(parameter(value));
        }
    }

    private String parameter(Object value) {
        parameters.addValue(value);
        return "$" + parameters.size();
    }
}
