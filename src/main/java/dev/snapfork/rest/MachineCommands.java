package dev.snapfork.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.command.Command;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.platform.Scope;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.SnapshotRules;
import dev.snapfork.view.InstanceViews;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What can be asked of instances' machines. */
@Path("/instances")
class MachineCommands {
    private final Calls calls;
    private final Ids ids;
    private final RequestBodies bodies;
    private final InstanceViews instances;

    MachineCommands(Calls calls, Ids ids, RequestBodies bodies, InstanceViews instances) {
        this.calls = calls;
        this.ids = ids;
        this.bodies = bodies;
        this.instances = instances;
    }

    @POST
    @Scope("instance:write")
    public Uni<Response> create(@BeanParam Asked asked, byte @Nullable [] body) {
        return calls.call(asked.manner(body), Answers::createdInstance, () -> {
            var json = bodies.read("CreateInstanceRequest", body, asked.contentType, JsonNode.class);
            var request = RequestBodies.map(json, CreateInstanceRequest.class);
            var machine = request.machine(KeptFields.of(json));
            return Uni.createFrom().item(new Command.CreateInstance(ids.instance(), request.name(), machine));
        });
    }

    @POST
    @Path("/{id}/start")
    @Scope("instance:write")
    public Uni<Response> start(@PathParam("id") String reference, @BeanParam Asked asked, byte @Nullable [] body) {
        return change("StartInstanceRequest", reference, asked, body, Command.StartInstance::new);
    }

    @POST
    @Path("/{id}/stop")
    @Scope("instance:write")
    public Uni<Response> stop(@PathParam("id") String reference, @BeanParam Asked asked, byte @Nullable [] body) {
        return change("StopInstanceRequest", reference, asked, body, Command.StopInstance::new);
    }

    @POST
    @Path("/{id}/restore")
    @Scope("instance:write")
    public Uni<Response> restore(@PathParam("id") String reference, @BeanParam Asked asked, byte @Nullable [] body) {
        return change("RestoreInstanceRequest", reference, asked, body, Command.RestoreInstance::new);
    }

    private Uni<Response> change(
            String schema,
            String reference,
            Asked asked,
            byte @Nullable [] body,
            Function<InstanceId, Command> command) {
        return calls.call(asked.manner(body), Answers::instance, () -> {
            var unused = bodies.read(schema, body, asked.contentType, NoOptions.class);
            return instances.resolve(reference).map(instance -> command.apply(instance.id()));
        });
    }

    @POST
    @Path("/{id}/standby")
    @Scope("instance:write")
    public Uni<Response> standby(@PathParam("id") String reference, @BeanParam Asked asked, byte @Nullable [] body) {
        return calls.call(asked.manner(body), Answers::instance, () -> {
            var request = bodies.read("StandbyInstanceRequest", body, asked.contentType, StandbyInstanceRequest.class);
            Refusals.throwIfAny(SnapshotRules.explicitCompression(SnapshotKind.STANDBY, request.compression()));
            var delay = request.delay();
            return instances
                    .resolve(reference)
                    .map(instance -> new Command.StandbyInstance(instance.id(), request.compression(), delay));
        });
    }

    @POST
    @Path("/{id}/fork")
    @Scope("instance:write")
    public Uni<Response> fork(@PathParam("id") String reference, @BeanParam Asked asked, byte @Nullable [] body) {
        return calls.call(asked.manner(body), Answers::createdInstance, () -> {
            var request = bodies.read("ForkInstanceRequest", body, asked.contentType, ForkInstanceRequest.class);
            return instances
                    .resolve(reference)
                    .map(source -> new Command.ForkInstance(
                            source.id(),
                            ids.instance(),
                            request.name(),
                            Boolean.TRUE.equals(request.fromRunning()),
                            request.targetState(),
                            request.identity()));
        });
    }
}
