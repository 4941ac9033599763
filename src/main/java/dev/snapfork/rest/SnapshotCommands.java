package dev.snapfork.rest;

import dev.snapfork.command.Command;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.platform.Scope;
import dev.snapfork.snapshot.SnapshotRules;
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

/** What can be asked of snapshots. */
@Path("/snapshots")
class SnapshotCommands {
    private final Calls calls;
    private final Ids ids;
    private final RequestBodies bodies;
    private final SnapshotViews snapshots;

    SnapshotCommands(Calls calls, Ids ids, RequestBodies bodies, SnapshotViews snapshots) {
        this.calls = calls;
        this.ids = ids;
        this.bodies = bodies;
        this.snapshots = snapshots;
    }

    @DELETE
    @Path("/{snapshotId}")
    @Scope("snapshot:delete")
    public Uni<Response> delete(
            @PathParam("snapshotId") String snapshotId, @HeaderParam("Prefer") @Nullable String prefer) {
        return calls.call(prefer, result -> Answers.noContent(), () -> Refusals.existing(snapshots, snapshotId)
                .map(snapshot -> new Command.DeleteSnapshot(snapshot.id())));
    }

    @POST
    @Path("/{snapshotId}/fork")
    @Scope("snapshot:write")
    public Uni<Response> fork(
            @PathParam("snapshotId") String snapshotId, @BeanParam Asked asked, byte @Nullable [] body) {
        return calls.call(asked.manner(body), Answers::createdInstance, () -> {
            var request = bodies.read("ForkSnapshotRequest", body, asked.contentType, ForkSnapshotRequest.class);
            return Refusals.existing(snapshots, snapshotId)
                    .map(snapshot -> new Command.ForkSnapshot(
                            snapshot.id(),
                            ids.instance(),
                            request.name(),
                            request.targetState(),
                            request.targetHypervisor(),
                            request.identity()));
        });
    }

    @POST
    @Path("/{snapshotId}/verify")
    @Scope("snapshot:write")
    public Uni<Response> verify(
            @PathParam("snapshotId") String snapshotId, @BeanParam Asked asked, byte @Nullable [] body) {
        return calls.call(asked.manner(body), Answers::snapshot, () -> Refusals.existing(snapshots, snapshotId)
                .map(snapshot -> new Command.VerifySnapshot(snapshot.id(), false)));
    }

    @POST
    @Path("/{snapshotId}/compress")
    @Scope("snapshot:write")
    public Uni<Response> compress(
            @PathParam("snapshotId") String snapshotId, @BeanParam Asked asked, byte @Nullable [] body) {
        return calls.call(asked.manner(body), Answers::snapshot, () -> {
            var request =
                    bodies.read("CompressSnapshotRequest", body, asked.contentType, CompressSnapshotRequest.class);
            var wanted = new CompressionConfig(true, request.algorithm(), request.level());
            return Refusals.existing(snapshots, snapshotId).map(snapshot -> {
                Refusals.throwIfAny(SnapshotRules.compress(snapshot)
                        .or(() -> SnapshotRules.explicitCompression(snapshot.kind(), wanted)));
                return new Command.CompressSnapshot(snapshot.id(), wanted.resolved());
            });
        });
    }
}
