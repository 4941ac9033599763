package dev.snapfork.view;

import dev.snapfork.instance.Instance;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds instances in the read model. */
@ApplicationScoped
@WithSession
public class InstanceViews {
    private static final Pattern PREFIX = Pattern.compile("[a-z0-9]{1,24}");

    private final Rows rows = new Rows();

    private static final class Rows implements PanacheRepositoryBase<InstanceRow, String> {}

    /** What must match; null and empty match everything. */
    public record Query(@Nullable String state, Map<String, String> tags) {}

    /**
     * Finds an instance by id, else by name, else by a prefix of its id that no other instance has. Fails with a {@link
     * RefusedException}: {@code not_found}, or {@code ambiguous} when a name or prefix fits several.
     */
    public Uni<Instance> resolve(String reference) {
        if (!Filter.canBeStored(reference)) {
            return Uni.createFrom().failure(notFound(reference));
        }
        return rows.list("(id = ?1 or name = ?1) and deletedAt is null", reference)
                .chain(exact -> exact.isEmpty() && PREFIX.matcher(reference).matches()
                        ? rows.find("id like ?1 and deletedAt is null", reference + "%")
                                .range(0, 1)
                                .list()
                        : Uni.createFrom().item(exact))
                .map(found -> only(reference, found));
    }

    private static Instance only(String reference, List<InstanceRow> found) {
        var byId = found.stream().filter(row -> row.id.equals(reference)).findFirst();
        if (byId.isEmpty() && found.size() > 1) {
            throw new RefusedException(new Refusal(
                    RefusalCode.AMBIGUOUS, "more than one instance is meant by " + reference + ": use the whole id"));
        }
        return byId.or(() -> found.stream().findFirst())
                .map(InstanceViews::instance)
                .orElseThrow(() -> notFound(reference));
    }

    private static RefusedException notFound(String reference) {
        return new RefusedException(Refusal.notFound("instance not found: " + reference));
    }

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
