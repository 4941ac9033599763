package dev.snapfork.api;

import dev.snapfork.contract.OwnContract;
import dev.snapfork.contract.UpstreamContract;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Holds each answer to the upstream's contract and to the OpenAPI document that is served. */
final class Contract {
    private static final List<String> ROUTES = OwnContract.routes();

    private Contract() {}

    static void check(String method, String path, Answer answer) {
        if (path.startsWith("/q/") || path.startsWith("/openapi")) {
            return;
        }
        var route = route(method, path.split("\\?", 2)[0]);
        if (route.isPresent() && answer.status() != 405) {
            OwnContract.assertResponse(method, route.get(), answer.status(), answer.body());
        }
        if (answer.status() >= 400) {
            UpstreamContract.assertError(answer.body());
        } else if (answer.status() != 202) {
            route.ifPresent(found -> upstream(method + " " + found, answer.body()));
        }
    }

    private static void upstream(String route, String body) {
        switch (route) {
            case "GET /health" -> UpstreamContract.assertHealth(body);
            case "GET /snapshots" -> UpstreamContract.assertSnapshots(body);
            case "GET /instances" -> UpstreamContract.assertInstances(body);
            case "GET /snapshots/{snapshotId}",
                    "POST /instances/{id}/snapshots",
                    "POST /snapshots/{snapshotId}/verify",
                    "POST /snapshots/{snapshotId}/compress" -> UpstreamContract.assertSnapshot(body);
            case "GET /instances/{id}",
                    "POST /instances",
                    "POST /instances/import",
                    "POST /instances/{id}/start",
                    "POST /instances/{id}/stop",
                    "POST /instances/{id}/standby",
                    "POST /instances/{id}/restore",
                    "POST /instances/{id}/fork",
                    "POST /snapshots/{snapshotId}/fork",
                    "POST /instances/{id}/snapshots/{snapshotId}/restore" -> UpstreamContract.assertInstance(body);
            case "GET /instances/{id}/wait" -> UpstreamContract.assertWaited(body);
            case "GET /instances/{id}/snapshot-schedule", "PUT /instances/{id}/snapshot-schedule" ->
                UpstreamContract.assertSchedule(body);
            case "DELETE /instances/{id}",
                    "DELETE /snapshots/{snapshotId}",
                    "DELETE /dead-letters/{id}",
                    "DELETE /instances/{id}/snapshot-schedule" -> {
                if (!body.isEmpty()) {
                    throw new AssertionError(route + " has a body: " + body);
                }
            }
            // what the upstream does not have is checked against the served document alone
            default -> {}
        }
    }

    /** The route's path template; that with the fewest parameters where several fit. */
    static Optional<String> route(String method, String path) {
        return ROUTES.stream()
                .filter(route -> route.startsWith(method + " "))
                .map(route -> route.substring(method.length() + 1))
                .filter(template -> fits(template.split("/", -1), path.split("/", -1)))
                .min(Comparator.comparingLong(
                        template -> template.chars().filter(c -> c == '{').count()));
    }

    private static boolean fits(String[] template, String[] path) {
        if (template.length != path.length) {
            return false;
        }
        for (var i = 0; i < path.length; i++) {
            if (!template[i].startsWith("{") && !template[i].equals(path[i])) {
                return false;
            }
        }
        return true;
    }
}
