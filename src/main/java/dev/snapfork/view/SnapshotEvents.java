package dev.snapfork.view;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What has happened to snapshots, the newest first. */
@ApplicationScoped
public class SnapshotEvents {
    private static final Pattern EVENT_ID = Pattern.compile("[a-z0-9]{24}(/health)?-[0-9]{1,19}");
    private static final String PAGE = """
            select id, event::text from snapshot_event
            where snapshot_id = $1
            and ($2::text is null or (time, id) < (select b.time, b.id from snapshot_event as b where b.id = $2))
            order by time desc, id desc limit $3""";
    private static final String KNOWN = "select exists (select from snapshot_event where snapshot_id = $1)";
    private static final String FORGET = """
            delete from snapshot_event where id in (
            select id from snapshot_event where time < $1 order by time limit $2)""";

    private final Pool pool;

    SnapshotEvents(Pool pool) {
        this.pool = pool;
    }

    /**
     * A stretch of a history.
     *
     * @param events CloudEvents as JSON
     * @param next what {@link #page} goes on with; empty at the end
     */
    public record Stretch(List<String> events, Optional<String> next) {}

    /**
     * Checks where a stretch is to begin.
     *
     * @throws IllegalArgumentException if the text is no event's id
     */
    public static String requireEventId(String text) {
        if (!EVENT_ID.matcher(text).matches()) {
            throw new IllegalArgumentException("cursor is none that a Link header gave: leave it out to start over");
        }
        return text;
    }

    /** @param before the id of an event of this history, which comes before the stretch; null for the newest */
    public Uni<Stretch> page(String snapshot, int limit, @Nullable String before) {
        return pool.preparedQuery(PAGE)
                .execute(Tuple.of(snapshot, before, limit + 1))
                .map(rows -> {
                    var events = new ArrayList<String>();
                    var last = "";
                    for (Row row : rows) {
                        if (events.size() == limit) {
                            return new Stretch(events, Optional.of(last));
                        }
                        events.add(CompactJson.of(row.getString(1)));
                        last = row.getString(0);
                    }
                    return new Stretch(events, Optional.empty());
                });
    }

    /** Whether anything is told of the snapshot. */
    public Uni<Boolean> knows(String snapshot) {
        return pool.preparedQuery(KNOWN)
                .execute(Tuple.of(snapshot))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /**
     * Forgets what is older.
     *
     * @param most how many events at once
     * @return how many were forgotten
     */
    public Uni<Integer> forget(Instant before, int most) {
        return pool.preparedQuery(FORGET)
                .execute(Tuple.of(OffsetDateTime.ofInstant(before, ZoneOffset.UTC), most))
                .map(rows -> rows.rowCount());
    }
}
