package dev.snapfork.view;

import dev.snapfork.instance.Instance;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds instances in the read model. */
@ApplicationScoped
public class InstanceViews {
    private static final Pattern PREFIX = Pattern.compile("[a-z0-9]{1,24}");
    /** Two are enough to know that a name is ambiguous; an id comes first. */
    private static final String BY_ID_OR_NAME = """
            select body::text from instance_view
            where (id = $1 or name = $1) and deleted_at is null
            order by id = $1 desc limit 2
            """;

    private static final String BY_PREFIX =
            "select body::text from instance_view where id like $1 || '%' and deleted_at is null limit 2";

    private static final String AMONG =
            "select body::text from instance_view where id = any($1) and deleted_at is null";

    private final Rows rows = new Rows();
    private final Pool pool;

    InstanceViews(Pool pool) {
        this.pool = pool;
    }

    private static final class Rows implements PanacheRepositoryBase<InstanceRow, String> {}

    /** What must match; null and empty match everything. */
    public record Query(@Nullable String state, Map<String, String> tags) {}

    /**
     * Finds an instance by id, else by name, else by a prefix of its id that no other instance has. Fails with a {@link
     * RefusedException}: {@code not_found}, or {@code ambiguous} when a name or prefix fits several. Most commands begin with
     * this: one round trip, and no session to set up for it.
     */
    public Uni<Instance> resolve(String reference) {
        if (!Filter.canBeStored(reference)) {
            return Uni.createFrom().failure(notFound(reference));
        }
        return matching(BY_ID_OR_NAME, reference)
                .chain(exact -> exact.isEmpty() && PREFIX.matcher(reference).matches()
                        ? matching(BY_PREFIX, reference)
                        : Uni.createFrom().item(exact))
                .map(found -> only(reference, found));
    }

    /** Those of these ids that are there. */
    Uni<Map<String, Instance>> among(Set<String> ids) {
        return pool.preparedQuery(AMONG)
                .mapping(row -> WireJson.read(row.getString(0), Instance.class))
                .execute(Tuple.tuple().addArrayOfString(ids.toArray(String[]::new)))
                .map(rows -> rows.stream()
                        .collect(Collectors.toMap(found -> found.id().value(), found -> found)));
    }

    private Uni<List<Instance>> matching(String sql, String reference) {
        return pool.preparedQuery(sql)
                .mapping(row -> WireJson.read(row.getString(0), Instance.class))
                .execute(Tuple.of(reference))
                .map(rows -> rows.stream().toList());
    }

    private static Instance only(String reference, List<Instance> found) {
        if (found.isEmpty()) {
            throw notFound(reference);
        }
        if (found.size() > 1 && !found.getFirst().id().value().equals(reference)) {
            throw new RefusedException(new Refusal(
                    RefusalCode.AMBIGUOUS, "more than one instance is meant by " + reference + ": use the whole id"));
        }
        return found.getFirst();
    }

    static RefusedException notFound(String reference) {
        return new RefusedException(Refusal.notFound("instance not found: " + reference));
    }

    @WithSession
    public Uni<Page<Instance>> list(Query query, Page.Request page) {
        return new Filter("deletedAt is null")
                .equal("state", query.state())
                .tags(query.tags())
                .page(rows, page, row -> new Page.Cursor(row.createdAt, row.id), InstanceViews::instance);
    }

    private static Instance instance(InstanceRow row) {
        return WireJson.read(row.body, Instance.class);
    }
}
