package dev.snapfork.query;

import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.Scope;
import dev.snapfork.view.DeadLetterViews;
import dev.snapfork.view.ListedLetter;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** Records that could not be handled. They hold other callers' requests as they came, so there is a scope of its own for them. */
@Path("/dead-letters")
class DeadLetterQueries {
    private final DeadLetterViews letters;

    DeadLetterQueries(DeadLetterViews letters) {
        this.letters = letters;
    }

    @GET
    @Scope("dead-letter:read")
    public Uni<Response> list(@Context UriInfo uri) {
        var parameters = uri.getQueryParameters();
        var query = new DeadLetterViews.Query(
                Parameters.single(parameters, "topic"),
                Parameters.checked(parameters, "state", ListedLetter.State::parse),
                Parameters.single(parameters, "operation_id"));
        return ReadLimit.of(letters.list(query, Paging.request(parameters)).map(page -> Paging.answer(uri, page)));
    }

    @GET
    @Path("/{id}")
    @Scope("dead-letter:read")
    public Uni<Response> get(@PathParam("id") String id) {
        return ReadLimit.of(letters.find(id).map(found -> found.map(Paging::json)
                .orElseThrow(() -> new RefusedException(Refusal.notFound("dead letter not found: " + id)))));
    }
}
