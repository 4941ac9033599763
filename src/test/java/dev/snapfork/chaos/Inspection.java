package dev.snapfork.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.api.Answer;
import dev.snapfork.fault.Faults;
import dev.snapfork.log.WireJson;
import dev.snapfork.store.Finding;
import dev.snapfork.store.PayloadStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at everything when all processes live and nobody asks for anything, and writes down what is not as it was promised. */
final class Inspection {
    private static final List<String> OPEN = List.of("accepted", "running");

    private final Cluster cluster;
    private final Persistent api;
    private final Journal journal;

    Inspection(Cluster cluster, Persistent api, Journal journal) {
        this.cluster = cluster;
        this.api = api;
        this.journal = journal;
    }

    void run(List<Caller> callers) throws IOException {
        everyOperationHasSettled();
        nothingHalfMadeIsLeft();
        callers.forEach(this::everythingAcknowledgedIsThere);
        theReadModelTellsWhatTheStoreHas(callers);
        EventHistory.read(cluster.environment()).violations(there()).forEach(journal::violation);
    }

    private void everyOperationHasSettled() {
        for (var status : OPEN) {
            var open = new Answer[1];
            try {
                Waiting.until("no operation " + status, () -> {
                    open[0] = api.get("/operations?limit=1&status=" + status).answer();
                    return open[0].status() == 200 && open[0].json().isEmpty();
                });
            } catch (AssertionError e) {
                journal.violation(e.getMessage() + ", but " + open[0].body());
            }
        }
        for (var operation : journal.accepted()) {
            var answer = api.get("/operations/" + operation).answer();
            if (answer.status() != 200 || OPEN.contains(answer.text("status"))) {
                journal.violation("accepted and not settled: " + operation + " " + answer.body());
            }
        }
    }

    private void nothingHalfMadeIsLeft() {
        for (var place : List.of("staging", "trash")) {
            Waiting.until("empty: " + place, () -> entries(cluster.data().resolve(place))
                    .isEmpty());
        }
    }

    private static Set<String> entries(Path directory) {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    // kept so that deletes are possible on a full disk
                    .filter(name -> !name.startsWith("."))
                    .collect(Collectors.toCollection(HashSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void everythingAcknowledgedIsThere(Caller caller) {
        for (var snapshot : caller.snapshots()) {
            Waiting.until("compressed: " + snapshot.id(), () -> !api.get("/snapshots/" + snapshot.id())
                    .answer()
                    .text("compression_state")
                    .equals("compressing"));
            check(snapshot, "snapshot", cluster.data().resolve("snapshots/" + snapshot.id() + "/guest"));
        }
        for (var instance : caller.instances()) {
            check(instance, "instance", cluster.data().resolve("guests/" + instance.id()));
        }
        for (var path : caller.gone()) {
            if (api.get(path).answer().status() != 404) {
                journal.violation("deleted and still there: " + path);
            }
        }
    }

    private void check(Owned owned, String what, Path directory) {
        try {
            var found = MemoryDigest.of(directory);
            if (!found.equals(Optional.ofNullable(owned.memory()))) {
                journal.violation(what + " " + owned.id() + " has memory " + found + " instead of " + owned.memory());
            }
            if (!Files.isRegularFile(directory.resolve("overlay.raw"))) {
                journal.violation(what + " " + owned.id() + " has no disk");
            }
            journal.count("checked " + what);
        } catch (IOException | UncheckedIOException e) {
            journal.violation(what + " " + owned.id() + " cannot be read: " + e);
        }
    }

    /** What the store holds: the id and the body that the API must show. */
    private Map<String, String> stored() throws IOException {
        var bodies = new TreeMap<String, String>();
        PayloadStore.open(cluster.data(), Duration.ofSeconds(10), Faults.NONE)
                .adoption()
                .scan(finding -> {
                    switch (finding) {
                        case Finding.AnInstance(var manifest, var ours) ->
                            bodies.put("/instances/" + manifest.instance().id(), WireJson.text(manifest.instance()));
                        case Finding.ASnapshot(var manifest, var ours) ->
                            bodies.put("/snapshots/" + manifest.snapshot().id(), WireJson.text(manifest.snapshot()));
                        case Finding.Unreadable(var place, var problem) ->
                            journal.violation(place + " is unreadable: " + problem);
                    }
                });
        return bodies;
    }

    private Set<String> there() throws IOException {
        return stored().keySet().stream()
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
    }

    private void theReadModelTellsWhatTheStoreHas(List<Caller> callers) throws IOException {
        var stored = stored();
        var shown = new HashSet<String>();
        for (var list : List.of("/snapshots", "/instances")) {
            var answer = api.get(list).answer();
            answer.json().forEach(item -> shown.add(list + "/" + item.path("id").asText()));
        }
        if (!shown.equals(stored.keySet())) {
            journal.violation("the read model shows " + shown + " and the store has " + stored.keySet());
        }
        var owned = callers.stream()
                .flatMap(caller -> Stream.concat(
                        caller.snapshots().stream().map(snapshot -> "/snapshots/" + snapshot.id()),
                        caller.instances().stream().map(instance -> "/instances/" + instance.id())))
                .collect(Collectors.toSet());
        if (!owned.equals(stored.keySet())) {
            journal.violation("the clients own " + owned + " and the store has " + stored.keySet());
        }
        stored.forEach((path, body) -> {
            var answer = api.get(path).answer();
            if (!sameBut(answer, body)) {
                journal.violation(path + " shows " + answer.body() + " and the store has " + body);
            }
        });
    }

    /** Findings about health lie apart from the manifest. */
    private static boolean sameBut(Answer answer, String stored) {
        try {
            var shown = answer.json().deepCopy();
            var held = WireJson.mapper().readTree(stored);
            for (var field : List.of("health", "health_checked_at", "health_error")) {
                ((ObjectNode) shown).remove(field);
                ((ObjectNode) held).remove(field);
            }
            return shown.equals(held);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
