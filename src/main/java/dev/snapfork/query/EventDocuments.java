package dev.snapfork.query;

import dev.snapfork.event.EventType;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.Scope;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What events look like, for those who write consumers: open to everybody, as the OpenAPI document is. */
@Path("/")
class EventDocuments {
    private final EventSchemas schemas;
    private final AsyncApi asyncApi;

    EventDocuments(EventSchemas schemas, AsyncApi asyncApi) {
        this.schemas = schemas;
        this.asyncApi = asyncApi;
    }

    @GET
    @Path("asyncapi")
    @Scope(Scope.OPEN)
    public Response asyncApi() {
        return Response.ok(asyncApi.json(), MediaType.APPLICATION_JSON_TYPE).build();
    }

    @GET
    @Path("schemas/{type}")
    @Scope(Scope.OPEN)
    public Response schema(@PathParam("type") String type) {
        try {
            return Response.ok(schemas.of(EventType.parse(type)).toPrettyString(), MediaType.APPLICATION_JSON_TYPE)
                    .build();
        } catch (UnreadableRecordException e) {
            throw new RefusedException(Refusal.notFound("no event has that type: those there are stand at /asyncapi"));
        }
    }
}
