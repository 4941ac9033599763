package dev.snapfork.query;

import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.Scope;
import dev.snapfork.view.OperationViews;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** What became, or is becoming, of accepted commands. */
@Path("/operations")
class OperationQueries {
    private final OperationViews operations;

    OperationQueries(OperationViews operations) {
        this.operations = operations;
    }

    @GET
    @Scope("snapshot:read")
    public Uni<Response> list(@Context UriInfo uri) {
        var parameters = uri.getQueryParameters();
        var query = new OperationViews.Query(
                Parameters.checked(parameters, "status", OperationStatus::parse),
                Parameters.checked(parameters, "kind", OperationKind::parse),
                Parameters.single(parameters, "snapshot_id"),
                Parameters.single(parameters, "instance_id"));
        return ReadLimit.of(operations.list(query, Paging.request(parameters)).map(page -> Paging.answer(uri, page)));
    }

    @GET
    @Path("/{id}")
    @Scope("snapshot:read")
    public Uni<Response> get(@PathParam("id") String id) {
        return ReadLimit.of(operations.find(id).map(found -> found.map(result -> Paging.json(result.operation()))
                .orElseThrow(() -> new RefusedException(Refusal.notFound("operation not found: " + id)))));
    }
}
