package dev.snapfork.query;

import dev.snapfork.health.HealthState;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.Scope;
import dev.snapfork.platform.TagFilters;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.view.SnapshotViews;
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
    private final SnapshotViews snapshots;

    SnapshotQueries(SnapshotViews snapshots) {
        this.snapshots = snapshots;
    }

    @GET
    @Scope("snapshot:read")
    public Uni<Response> list(@Context UriInfo uri) {
        var parameters = uri.getQueryParameters();
        var query = new SnapshotViews.Query(
                Parameters.single(parameters, "name"),
                Parameters.checked(parameters, "kind", SnapshotKind::parse),
                Parameters.single(parameters, "source_instance_id"),
                Parameters.checked(parameters, "health", HealthState::parse),
                TagFilters.of(parameters));
        return ReadLimit.of(snapshots.list(query, Paging.request(parameters)).map(page -> Paging.answer(uri, page)));
    }

    @GET
    @Path("/{snapshotId}")
    @Scope("snapshot:read")
    public Uni<Response> get(@PathParam("snapshotId") String snapshotId) {
        return ReadLimit.of(snapshots.find(snapshotId).map(found -> found.map(Paging::json)
                .orElseThrow(() -> new RefusedException(Refusal.notFound("snapshot not found: " + snapshotId)))));
    }
}
