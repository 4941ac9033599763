package dev.snapfork.query;

import dev.snapfork.platform.Scope;
import dev.snapfork.view.InstanceViews;
import dev.snapfork.view.ScheduleViews;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

/** The snapshot schedules of instances that are there. */
@Path("/instances")
class ScheduleQueries {
    private final InstanceViews instances;
    private final ScheduleViews schedules;

    ScheduleQueries(InstanceViews instances, ScheduleViews schedules) {
        this.instances = instances;
        this.schedules = schedules;
    }

    @GET
    @Path("/{id}/snapshot-schedule")
    @Scope("snapshot:read")
    public Uni<Response> get(@PathParam("id") String reference) {
        return ReadLimit.of(instances
                .resolve(reference)
                .chain(instance -> schedules.of(instance.id()))
                .map(Paging::json));
    }
}
