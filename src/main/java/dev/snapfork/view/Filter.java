package dev.snapfork.view;

import dev.snapfork.log.WireJson;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds the one kind of query there is: rows that match all that is given, newest first, from a cursor on. */
final class Filter {
    private final StringBuilder where;
    private final Map<String, Object> parameters = new HashMap<>();

    Filter(String base) {
        where = new StringBuilder(base);
    }

    /** Whether text can be in the database at all: PostgreSQL has no NUL in texts and fails on one. */
    static boolean canBeStored(String text) {
        return text.indexOf('\0') < 0;
    }

    /** Adds a condition on a column, unless there is no value to compare with. */
    Filter equal(String column, @Nullable String value) {
        if (value != null && !canBeStored(value)) {
            where.append(" and 1 = 0");
        } else if (value != null) {
            where.append(" and ").append(column).append(" = :").append(column);
            parameters.put(column, value);
        }
        return this;
    }

    /** All of these tags must be there with these values; the GIN index serves it. */
    Filter tags(Map<String, String> tags) {
        if (!tags.isEmpty()) {
            where.append(" and cast(sql('? @> cast(cast(? as text) as jsonb)', tags, :tags) as Boolean) = true");
            parameters.put("tags", WireJson.text(tags));
        }
        return this;
    }

    /** Finds a page of the rows that match. */
    <R, T> Uni<Page<T>> page(
            PanacheRepositoryBase<R, String> rows,
            Page.Request page,
            Function<R, Page.Cursor> position,
            Function<R, T> item) {
        if (page.after() != null) {
            where.append(" and (createdAt < :after or (createdAt = :after and id < :afterId))");
            parameters.put("after", page.after().createdAt());
            parameters.put("afterId", page.after().id());
        }
        var found = rows.find(where + " order by createdAt desc, id desc", parameters);
        return (page.limit() == null ? found : found.range(0, page.limit()))
                .list()
                .map(list -> Page.of(list, page.limit(), position, item));
    }
}
