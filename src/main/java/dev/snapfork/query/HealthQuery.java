package dev.snapfork.query;

import dev.snapfork.platform.Scope;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** The contract's health call: the process answers. Whether it can serve is told at {@code /q/health/ready}. */
@Path("/health")
class HealthQuery {
    @GET
    @Scope(Scope.OPEN)
    @Produces(MediaType.APPLICATION_JSON)
    public Map<String, String> health() {
        return Map.of("status", "ok");
    }
}
