package dev.snapfork.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.snapfork.command.RebuildRequests;
import dev.snapfork.log.WireJson;
import dev.snapfork.platform.Scope;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The operator's calls for an event log that was lost. */
@Path("/event-log/rebuild")
class EventLogCommands {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final RebuildRequests requests;
    private final Harmless harmless;

    EventLogCommands(RebuildRequests requests, Harmless harmless) {
        this.requests = requests;
        this.harmless = harmless;
    }

    private record Rebuild(
            long epoch, @JsonProperty("completed_epoch") long completedEpoch) {}

    @POST
    @Scope("snapshot:write")
    public Uni<Response> rebuild(@BeanParam Asked asked, byte @Nullable [] body) {
        return harmless.answer(
                asked.manner(body), () -> Repeats.reached(requests.ask()).map(state -> answer(202, state)));
    }

    @GET
    @Scope("snapshot:read")
    public Uni<Response> state() {
        return requests.state().ifNoItem().after(LIMIT).fail().map(state -> answer(200, state));
    }

    private static Response answer(int status, RebuildRequests.State state) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(WireJson.text(new Rebuild(state.asked(), state.completed())))
                .build();
    }
}
