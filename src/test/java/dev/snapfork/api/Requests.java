package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Sends requests of every kind, each about something of its own, and knows what memory must be there afterwards. */
final class Requests {
    private static final long MEMORY_BYTES = 8L << 20;

    private final ApiClient api;
    private final Guests guests;
    private final Snapshots snapshots;
    private final Path data;
    private final Deque<String> toDelete = new ArrayDeque<>();
    private final Deque<String> toCompress = new ArrayDeque<>();
    private final Deque<String> instancesToDelete = new ArrayDeque<>();
    private final Deque<String> toImport = new ArrayDeque<>();
    private final Map<String, String> operations = new HashMap<>();
    private String instance = "";
    private String compressed = "";
    private String original = "";

    Requests(ApiClient api, Guests guests, Snapshots snapshots, Path data) {
        this.api = api;
        this.guests = guests;
        this.snapshots = snapshots;
        this.data = data;
    }

    /** Makes what the requests will be about, so many of each. */
    void prepare(int each) {
        var name = Guests.newName("faults");
        guests.standby(name, MEMORY_BYTES, 2);
        instance = guests.imported(name, "Standby", "").expect(201).id();
        original = Sha256.of(guests.memory(instance));
        compressed = snapshots.take(instance, "Standby");
        snapshots.compress(compressed, "\"level\":1").expect(200);
        for (var i = 0; i < each; i++) {
            toCompress.add(snapshots.take(instance, "Standby"));
            toDelete.add(snapshots.take(instance, "Standby"));
            instancesToDelete.add(snapshots.forkToStandby(compressed));
            var next = Guests.newName("import");
            guests.standby(next, MEMORY_BYTES, 2);
            toImport.add(next);
        }
    }

    /** Sends a request of the kind; returns its operation at once. */
    String send(String kind) {
        var answer =
                switch (kind) {
                    case "import" ->
                        async(
                                "/instances/import",
                                "{\"name\":\"%1$s\",\"hypervisor\":\"qemu\",\"state\":\"Standby\",\"directory\":\"%1$s\"}"
                                        .formatted(toImport.remove()));
                    case "create" -> async("/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}");
                    case "compress" -> async("/snapshots/" + toCompress.remove() + "/compress", "{\"level\":1}");
                    case "fork" ->
                        async(
                                "/snapshots/" + compressed + "/fork",
                                "{\"name\":\"%s\",\"target_state\":\"Standby\"}".formatted(Guests.newName("fork")));
                    case "restore" ->
                        async(
                                "/instances/" + instance + "/snapshots/" + compressed + "/restore",
                                "{\"target_state\":\"Standby\"}");
                    case "delete" -> api.delete("/snapshots/" + toDelete.remove(), "Prefer", "respond-async");
                    case "delete-instance" ->
                        api.delete("/instances/" + instancesToDelete.remove(), "Prefer", "respond-async");
                    default -> throw new IllegalArgumentException(kind);
                };
        var operation = answer.expect(202).id();
        operations.put(operation, kind);
        return operation;
    }

    private Answer async(String path, String body) {
        return api.post(path, body, "Prefer", "respond-async");
    }

    /** What was made of the one machine has its memory, whether it was copied, decoded or put back. */
    void assertAllMemoryIsWhatItWas() {
        operations.forEach((operation, kind) -> {
            var about = api.get("/operations/" + operation).expect(200);
            switch (kind) {
                case "create", "compress" ->
                    assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(about.text("snapshot_id")))))
                            .isEqualTo(original);
                case "fork" ->
                    assertThat(Sha256.of(guests.memory(about.text("instance_id"))))
                            .isEqualTo(original);
                case "restore" -> assertThat(Sha256.of(guests.memory(instance))).isEqualTo(original);
                case "delete" ->
                    assertThat(data.resolve("snapshots").resolve(about.text("snapshot_id")))
                            .doesNotExist();
                case "delete-instance" ->
                    assertThat(data.resolve("guests").resolve(about.text("instance_id")))
                            .doesNotExist();
                case "import" ->
                    assertThat(Files.exists(guests.memory(about.text("instance_id"))))
                            .isTrue();
                default -> throw new IllegalArgumentException(kind);
            }
        });
    }
}
