package dev.snapfork.rest;

import dev.snapfork.log.WireJson;
import dev.snapfork.platform.Scope;
import dev.snapfork.view.ReadModelWriter;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operator's call for a read model that was damaged or lost. */
@Path("/read-model")
class ReadModelCommands {
    private final ReadModelWriter readModel;
    private final Harmless harmless;

    ReadModelCommands(ReadModelWriter readModel, Harmless harmless) {
        this.readModel = readModel;
        this.harmless = harmless;
    }

    @POST
    @Path("/rebuild")
    @Scope("snapshot:write")
    public Uni<Response> rebuild(@BeanParam Asked asked, byte @Nullable [] body) {
        return harmless.answer(asked.manner(body), () -> Repeats.reached(readModel.askForRebuild())
                .map(epoch -> Response.accepted(WireJson.text(Map.of("epoch", epoch)))
                        .type(MediaType.APPLICATION_JSON)
                        .build()));
    }
}
