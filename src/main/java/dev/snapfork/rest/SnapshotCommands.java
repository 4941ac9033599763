package dev.snapfork.rest;

import dev.snapfork.command.Command;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.platform.Scope;
import dev.snapfork.snapshot.SnapshotRules;
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
        return Refusals.existing(snapshots, snapshotId)
                .chain(snapshot ->
                        calls.call(new Command.DeleteSnapshot(snapshot.id()), prefer, result -> Answers.noContent()));
    }

    @POST
    @Path("/{snapshotId}/fork")
    @Scope("snapshot:write")
    public Uni<Response> fork(
            @PathParam("snapshotId") String snapshotId,
            @HeaderParam("Prefer") @Nullable String prefer,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte @Nullable [] body) {
        var request = bodies.read("ForkSnapshotRequest", body, contentType, ForkSnapshotRequest.class);
        return Refusals.existing(snapshots, snapshotId)
                .chain(snapshot -> calls.call(
                        new Command.ForkSnapshot(
                                snapshot.id(),
                                ids.instance(),
                                request.name(),
                                request.targetState(),
                                request.targetHypervisor()),
                        prefer,
                        Answers::createdInstance));
    }

    @POST
    @Path("/{snapshotId}/verify")
    @Scope("snapshot:write")
    public Uni<Response> verify(
            @PathParam("snapshotId") String snapshotId, @HeaderParam("Prefer") @Nullable String prefer) {
        return Refusals.existing(snapshots, snapshotId)
                .chain(snapshot ->
                        calls.call(new Command.VerifySnapshot(snapshot.id(), false), prefer, Answers::snapshot));
    }

    @POST
    @Path("/{snapshotId}/compress")
    @Scope("snapshot:write")
    public Uni<Response> compress(
            @PathParam("snapshotId") String snapshotId,
            @HeaderParam("Prefer") @Nullable String prefer,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte @Nullable [] body) {
        var request = bodies.read("CompressSnapshotRequest", body, contentType, CompressSnapshotRequest.class);
        var wanted = new CompressionConfig(true, request.algorithm(), request.level());
        return Refusals.existing(snapshots, snapshotId).chain(snapshot -> {
            Refusals.throwIfAny(SnapshotRules.compress(snapshot)
                    .or(() -> SnapshotRules.explicitCompression(snapshot.kind(), wanted)));
            return calls.call(
                    new Command.CompressSnapshot(snapshot.id(), wanted.resolved()), prefer, Answers::snapshot);
        });
    }
}
