package dev.snapfork.query;

import dev.snapfork.instance.InstanceState;
import dev.snapfork.platform.Scope;
import dev.snapfork.platform.TagFilters;
import dev.snapfork.view.InstanceViews;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** The catalogue of instances. */
@Path("/instances")
class InstanceQueries {
    private final InstanceViews instances;

    InstanceQueries(InstanceViews instances) {
        this.instances = instances;
    }

    @GET
    @Scope("instance:read")
    public Uni<Response> list(@Context UriInfo uri) {
        var parameters = uri.getQueryParameters();
        var query = new InstanceViews.Query(
                Parameters.checked(parameters, "state", InstanceState::parse), TagFilters.of(parameters));
        return ReadLimit.of(instances.list(query, Paging.request(parameters)).map(page -> Paging.answer(uri, page)));
    }

    @GET
    @Path("/{id}")
    @Scope("instance:read")
    public Uni<Response> get(@PathParam("id") String reference) {
        return ReadLimit.of(instances.resolve(reference).map(Paging::json));
    }
}
