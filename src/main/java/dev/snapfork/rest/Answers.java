package dev.snapfork.rest;

import dev.snapfork.log.WireJson;
import dev.snapfork.view.OperationViews.Result;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The answers to commands that succeeded: what was made, as it was when the command settled. */
final class Answers {
    private Answers() {}

    static Response createdSnapshot(Result result) {
        return json(201, result.snapshot().orElseThrow());
    }

    static Response createdInstance(Result result) {
        return json(201, result.instance().orElseThrow());
    }

    static Response restoredInstance(Result result) {
        return json(200, result.instance().orElseThrow());
    }

    static Response snapshot(Result result) {
        return json(200, result.snapshot().orElseThrow());
    }

    static Response noContent() {
        return Response.noContent().build();
    }

    private static Response json(int status, Object body) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(WireJson.text(body))
                .build();
    }
}
