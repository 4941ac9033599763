package dev.snapfork.rest;

import dev.snapfork.command.Command;
import dev.snapfork.platform.Scope;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.InstanceViews;
import dev.snapfork.view.ScheduleViews;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can be asked of snapshot schedules. */
@Path("/instances")
class ScheduleCommands {
    private final Calls calls;
    private final RequestBodies bodies;
    private final InstanceViews instances;
    private final ScheduleViews schedules;
    private final Duration shortest;

    ScheduleCommands(
            Calls calls,
            RequestBodies bodies,
            InstanceViews instances,
            ScheduleViews schedules,
            SnapforkConfig config) {
        this.calls = calls;
        this.bodies = bodies;
        this.instances = instances;
        this.schedules = schedules;
        this.shortest = config.schedule().minInterval();
    }

    @PUT
    @Path("/{id}/snapshot-schedule")
    @Scope("snapshot:write")
    public Uni<Response> set(
            @PathParam("id") String reference,
            @HeaderParam("Prefer") @Nullable String prefer,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte @Nullable [] body) {
        return calls.call(prefer, Answers::schedule, () -> {
            var plan = bodies.read("SetSnapshotScheduleRequest", body, contentType, SetSnapshotScheduleRequest.class)
                    .plan();
            Refusals.throwIfAny(plan.problem(shortest));
            return instances.resolve(reference).map(instance -> new Command.SetSchedule(instance.id(), plan));
        });
    }

    @DELETE
    @Path("/{id}/snapshot-schedule")
    @Scope("snapshot:delete")
    public Uni<Response> delete(@PathParam("id") String reference, @HeaderParam("Prefer") @Nullable String prefer) {
        return calls.call(prefer, result -> Answers.noContent(), () -> instances
                .resolve(reference)
                .chain(instance -> schedules.of(instance.id()))
                .map(schedule -> new Command.DeleteSchedule(schedule.id(), schedule.instanceId(), false)));
    }
}
