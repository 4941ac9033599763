package dev.snapfork.query;

import dev.snapfork.health.HealthState;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.Scope;
import dev.snapfork.platform.TagFilters;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.view.SnapshotDocuments;
import dev.snapfork.view.SnapshotEvents;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** The catalogue of snapshots. */
@Path("/snapshots")
class SnapshotQueries {
    private final SnapshotDocuments snapshots;
    private final SnapshotEvents events;

    SnapshotQueries(SnapshotDocuments snapshots, SnapshotEvents events) {
        this.snapshots = snapshots;
        this.events = events;
    }

    @GET
    @Scope("snapshot:read")
    public Uni<Response> list(@Context UriInfo uri) {
        var parameters = uri.getQueryParameters();
        var query = new SnapshotDocuments.Query(
                Parameters.single(parameters, "name"),
                Parameters.checked(parameters, "kind", SnapshotKind::parse),
                Parameters.single(parameters, "source_instance_id"),
                Parameters.checked(parameters, "health", HealthState::parse),
                TagFilters.of(parameters));
        return ReadLimit.of(snapshots.list(query, Paging.request(parameters)).map(page -> Paging.documents(uri, page)));
    }

    /** Of one that was deleted as well. */
    @GET
    @Path("/{snapshotId}/events")
    @Scope("snapshot:read")
    public Uni<Response> events(@PathParam("snapshotId") String snapshotId, @Context UriInfo uri) {
        var parameters = uri.getQueryParameters();
        var limit = Paging.limit(parameters);
        var cursor = Parameters.checked(parameters, "cursor", SnapshotEvents::requireEventId);
        if (!Cuid.isValid(snapshotId)) {
            // PostgreSQL does not take every text that a path can have
            throw notFound(snapshotId);
        }
        return ReadLimit.of(events.page(snapshotId, limit, cursor)
                .chain(stretch -> stretch.events().isEmpty()
                        ? known(snapshotId).replaceWith(stretch)
                        : Uni.createFrom().item(stretch))
                .map(stretch -> Paging.documents(uri, stretch.events(), stretch.next())));
    }

    private Uni<Void> known(String snapshotId) {
        return Uni.combine()
                .all()
                .unis(events.knows(snapshotId), snapshots.find(snapshotId))
                .with((told, found) -> told || found.isPresent())
                .invoke(known -> {
                    if (!known) {
                        throw notFound(snapshotId);
                    }
                })
                .replaceWithVoid();
    }

    private static RefusedException notFound(String snapshotId) {
        return new RefusedException(Refusal.notFound("snapshot not found: " + snapshotId));
    }

    @GET
    @Path("/{snapshotId}")
    @Scope("snapshot:read")
    public Uni<Response> get(@PathParam("snapshotId") String snapshotId) {
        return ReadLimit.of(snapshots.find(snapshotId).map(found -> found.map(Paging::document)
                .orElseThrow(() -> notFound(snapshotId))));
    }
}
