package dev.snapfork.rest;

import dev.snapfork.command.Command;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.Scope;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotRules;
import dev.snapfork.view.InstanceViews;
import dev.snapfork.view.SnapshotViews;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
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
    public Uni<Response> importInstance(
            @HeaderParam("Prefer") @Nullable String prefer,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte @Nullable [] body) {
        var request = bodies.read("ImportInstanceRequest", body, contentType, ImportInstanceRequest.class);
        var policy = request.snapshotPolicy();
        if (policy != null) {
            policy.problem().ifPresent(problem -> {
                throw new RefusedException(new Refusal(RefusalCode.INVALID_SNAPSHOT_POLICY, problem));
            });
        }
        var command = new Command.ImportInstance(
                ids.instance(),
                request.name(),
                request.hypervisor(),
                request.state(),
                request.directory(),
                request.tags(),
                policy);
        return calls.call(command, prefer, Answers::createdInstance);
    }

    @DELETE
    @Path("/{id}")
    @Scope("instance:delete")
    public Uni<Response> delete(@PathParam("id") String reference, @HeaderParam("Prefer") @Nullable String prefer) {
        return instances
                .resolve(reference)
                .chain(instance ->
                        calls.call(new Command.DeleteInstance(instance.id()), prefer, result -> Answers.noContent()));
    }

    @POST
    @Path("/{id}/snapshots")
    @Scope("snapshot:write")
    public Uni<Response> snapshot(
            @PathParam("id") String reference,
            @HeaderParam("Prefer") @Nullable String prefer,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte @Nullable [] body) {
        var request = bodies.read("CreateSnapshotRequest", body, contentType, CreateSnapshotRequest.class);
        Refusals.throwIfAny(SnapshotRules.explicitCompression(request.kind(), request.compression()));
        return instances
                .resolve(reference)
                .chain(instance -> calls.call(
                        new Command.CreateSnapshot(
                                ids.snapshot(),
                                instance.id(),
                                request.kind(),
                                request.name(),
                                request.tags(),
                                request.compression()),
                        prefer,
                        Answers::createdSnapshot));
    }

    @POST
    @Path("/{id}/snapshots/{snapshotId}/restore")
    @Scope("snapshot:write")
    public Uni<Response> restore(
            @PathParam("id") String reference,
            @PathParam("snapshotId") String snapshotId,
            @HeaderParam("Prefer") @Nullable String prefer,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte @Nullable [] body) {
        var request = bodies.read("RestoreSnapshotRequest", body, contentType, RestoreSnapshotRequest.class);
        return instances.resolve(reference).chain(instance -> Refusals.existing(snapshots, snapshotId)
                .chain(snapshot -> restore(instance.id(), snapshot.id(), request, prefer)));
    }

    private Uni<Response> restore(
            InstanceId instance, SnapshotId snapshot, RestoreSnapshotRequest request, @Nullable String prefer) {
        return calls.call(
                new Command.RestoreSnapshot(instance, snapshot, request.targetState(), request.targetHypervisor()),
                prefer,
                Answers::restoredInstance);
    }
}
