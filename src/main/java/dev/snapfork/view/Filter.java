package dev.snapfork.view;

import dev.snapfork.log.WireJson;
import java.util.HashMap;
import java.util.Map;
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

    Filter after(Page.@Nullable Cursor cursor) {
        if (cursor != null) {
            where.append(" and (createdAt < :after or (createdAt = :after and id < :afterId))");
            parameters.put("after", cursor.createdAt());
            parameters.put("afterId", cursor.id());
        }
        return this;
    }

    String query() {
        return where + " order by createdAt desc, id desc";
    }

    Map<String, Object> parameters() {
        return parameters;
    }
}
