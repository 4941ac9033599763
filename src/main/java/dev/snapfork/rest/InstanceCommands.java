package dev.snapfork.rest;

import dev.snapfork.command.Command;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.Scope;
import dev.snapfork.snapshot.SnapshotRules;
import dev.snapfork.view.InstanceViews;
import dev.snapfork.view.SnapshotViews;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** What can be asked of instances. */
@Path("/instances")
class InstanceCommands {
    private final Calls calls;
    private final Ids ids;
    private final RequestBodies bodies;
    private final InstanceViews instances;
    private final SnapshotViews snapshots;

    InstanceCommands(Calls calls, Ids ids, RequestBodies bodies, InstanceViews instances, SnapshotViews snapshots) {
        this.calls = calls;
        this.ids = ids;
        this.bodies = bodies;
        this.instances = instances;
        this.snapshots = snapshots;
    }

    @POST
    @Path("/import")
    @Scope("instance:write")
    public Uni<Response> importInstance(@BeanParam Asked asked, byte @Nullable [] body) {
        return calls.call(asked.manner(body), Answers::createdInstance, () -> Uni.createFrom()
                .item(importOf(
                        bodies.read("ImportInstanceRequest", body, asked.contentType, ImportInstanceRequest.class))));
    }

    private Command importOf(ImportInstanceRequest request) {
        var policy = request.snapshotPolicy();
        if (policy != null) {
            policy.problem().ifPresent(problem -> {
                throw new RefusedException(new Refusal(RefusalCode.INVALID_SNAPSHOT_POLICY, problem));
            });
        }
        return new Command.ImportInstance(
                ids.instance(),
                request.name(),
                request.hypervisor(),
                request.state(),
                request.directory(),
                request.tags(),
                policy);
    }

    @DELETE
    @Path("/{id}")
    @Scope("instance:delete")
    public Uni<Response> delete(@PathParam("id") String reference, @HeaderParam("Prefer") @Nullable String prefer) {
        return calls.call(prefer, result -> Answers.noContent(), () -> instances
                .resolve(reference)
                .map(instance -> new Command.DeleteInstance(instance.id())));
    }

    @POST
    @Path("/{id}/snapshots")
    @Scope("snapshot:write")
    public Uni<Response> snapshot(@PathParam("id") String reference, @BeanParam Asked asked, byte @Nullable [] body) {
        return calls.call(asked.manner(body), Answers::createdSnapshot, () -> {
            var request = bodies.read("CreateSnapshotRequest", body, asked.contentType, CreateSnapshotRequest.class);
            Refusals.throwIfAny(SnapshotRules.explicitCompression(request.kind(), request.compression()));
            return instances
                    .resolve(reference)
                    .map(instance -> new Command.CreateSnapshot(
                            ids.snapshot(),
                            instance.id(),
                            request.kind(),
                            request.name(),
                            request.tags(),
                            request.compression()));
        });
    }

    @POST
    @Path("/{id}/snapshots/{snapshotId}/restore")
    @Scope("snapshot:write")
    public Uni<Response> restore(
            @PathParam("id") String reference,
            @PathParam("snapshotId") String snapshotId,
            @BeanParam Asked asked,
            byte @Nullable [] body) {
        return calls.call(asked.manner(body), Answers::instance, () -> {
            var request = bodies.read("RestoreSnapshotRequest", body, asked.contentType, RestoreSnapshotRequest.class);
            return instances.resolve(reference).chain(instance -> Refusals.existing(snapshots, snapshotId)
                    .map(snapshot -> new Command.RestoreSnapshot(
                            instance.id(), snapshot.id(), request.targetState(), request.targetHypervisor())));
        });
    }
}
