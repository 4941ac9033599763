package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class CancelTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** With zstd 19 it takes far longer than all that these tests do meanwhile. */
    private static final long LONG_WORK_BYTES = 96L << 20;

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    private String largeInstance() {
        var name = Guests.newName("large");
        guests.standby(name, LONG_WORK_BYTES, 1);
        return guests.imported(name, "Standby", "").expect(201).id();
    }

    private Answer async(String path, String body) {
        return api.post(path, body, "Prefer", "respond-async").expect(202);
    }

    private Answer cancel(String operation, String... headers) {
        return api.post("/operations/" + operation + "/cancel", "", headers);
    }

    /** The id of a compression that a worker has begun with and will be at for long. */
    private String longCompression(String snapshot) {
        var operation =
                async("/snapshots/" + snapshot + "/compress", "{\"level\":19}").id();
        Eventually.see(LIMIT, () -> api.get("/snapshots/" + snapshot).text("compression_state"), "compressing"::equals);
        return operation;
    }

    @Test
    void aRunningCompressionStopsAndTheSnapshotIsAsItWas() {
        var instance = largeInstance();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = snapshots.take(instance, "Standby");
        var operation = longCompression(snapshot);

        var cancelled = cancel(operation).expect(200);

        assertThat(cancelled.text("status")).isEqualTo("cancelled");
        assertThat(cancelled.text("error/code")).isEqualTo("cancelled");
        assertThat(cancelled.text("error/message")).isEqualTo("cancelled on request");
        var now = api.get("/snapshots/" + snapshot).expect(200);
        assertThat(now.text("compression_state")).isEqualTo("none");
        assertThat(now.json().has("compression")).isFalse();
        assertThat(Sha256.of(Snapshots.memory(guests.payload(snapshot)))).isEqualTo(original);
        guests.leaveNothingBehind();
        // it can be compressed all the same
        assertThat(snapshots.compress(snapshot, "").expect(200).text("compression_state"))
                .isEqualTo("compressed");
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot)))).isEqualTo(original);
    }

    @Test
    void compressingAnewThatIsCancelledLeavesWhatThereWas() {
        var instance = largeInstance();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = snapshots.take(instance, "Standby");
        var before = snapshots
                .compress(snapshot, "\"algorithm\":\"lz4\",\"level\":2")
                .expect(200);
        var operation = longCompression(snapshot);

        cancel(operation).expect(200);

        var now = api.get("/snapshots/" + snapshot).expect(200);
        for (var field : List.of("compression_state", "compressed_size_bytes", "size_bytes")) {
            assertThat(now.text(field)).as(field).isEqualTo(before.text(field));
        }
        assertThat(now.json().get("compression")).isEqualTo(before.json().get("compression"));
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot)))).isEqualTo(original);
        guests.leaveNothingBehind();
    }

    @Test
    void whatWaitsBehindLongWorkIsCancelledAtOnceAndNeverBegun() {
        var running = longCompression(snapshots.take(largeInstance(), "Standby"));
        var waiting = snapshots.take(guests.newStandby(), "Standby");
        var promised = snapshots
                .create(guests.newStandby(), "Standby", ",\"compression\":{\"enabled\":true}")
                .expect(201);
        assertThat(promised.text("compression_state")).isEqualTo("compressing");
        var asked = async("/snapshots/" + waiting + "/compress", "{}").id();
        var automatic = Eventually.see(
                        LIMIT,
                        () -> api.get("/operations?kind=snapshot.compress&snapshot_id=" + promised.id())
                                .ids(),
                        ids -> !ids.isEmpty())
                .getFirst();

        var first = cancel(asked).expect(200);
        var second = cancel(automatic).expect(200);

        for (var cancelled : List.of(first, second)) {
            assertThat(cancelled.text("status")).isEqualTo("cancelled");
            assertThat(cancelled.text("error/message")).contains("before it was begun");
            assertThat(cancelled.json().has("started_at")).isFalse();
        }
        assertThat(api.get("/snapshots/" + waiting).text("compression_state")).isEqualTo("none");
        var unpromised = api.get("/snapshots/" + promised.id()).expect(200);
        assertThat(unpromised.text("compression_state")).isEqualTo("none");
        assertThat(unpromised.number("version")).isEqualTo(2);
        // neither had to wait for this one
        assertThat(api.get("/operations/" + running).text("status")).isIn("accepted", "running");
        cancel(running).expect(200);
        // their commands come to their turn all the same, and change nothing
        snapshots.compress(waiting, "").expect(200);
        assertThat(api.get("/operations/" + asked).text("status")).isEqualTo("cancelled");
        snapshots.compress(promised.id(), "").expect(200);
        assertThat(api.get("/operations/" + automatic).text("status")).isEqualTo("cancelled");
        guests.leaveNothingBehind();
    }

    @Test
    void whoWaitsForTheCommandIsToldThatItWasCancelled() throws InterruptedException, ExecutionException {
        var snapshot = snapshots.take(largeInstance(), "Standby");
        try (var thread = Executors.newSingleThreadExecutor()) {
            var waiting = thread.submit(() -> snapshots.compress(snapshot, "\"level\":19"));
            var operation = Eventually.see(
                            LIMIT,
                            () -> api.get("/operations?kind=snapshot.compress&snapshot_id=" + snapshot)
                                    .ids(),
                            ids -> !ids.isEmpty())
                    .getFirst();

            cancel(operation).expect(200);

            waiting.get().refuses(409, "cancelled", "cancelled on request");
            assertThat(waiting.get().header("x-should-retry")).isEqualTo("false");
        }
    }

    @Test
    void askingAgainIsHarmlessAndWhatHasEndedCannotBeCancelled() {
        var instance = largeInstance();
        var snapshot = snapshots.take(instance, "Standby");
        var operation = longCompression(snapshot);

        var accepted = cancel(operation, "Prefer", "respond-async").expect(202);

        assertThat(accepted.header("Location")).isEqualTo("/operations/" + operation);
        var cancelled = cancel(operation).expect(200);
        assertThat(cancel(operation).expect(200).json()).isEqualTo(cancelled.json());
        assertThat(cancel(operation, "Prefer", "respond-async").expect(200).json())
                .isEqualTo(cancelled.json());
        var created = api.get("/operations?kind=snapshot.create&snapshot_id=" + snapshot)
                .ids()
                .getFirst();
        var late = cancel(created);
        late.refuses(409, "already_ended", "it has succeeded");
        assertThat(late.header("x-should-retry")).isEqualTo("false");
        var refused = async("/instances/" + guests.newStopped() + "/snapshots", "{\"kind\":\"Standby\"}")
                .id();
        Eventually.see(LIMIT, () -> api.get("/operations/" + refused).text("status"), "rejected"::equals);
        cancel(refused).refuses(409, "already_ended", "it has been rejected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaaaaaaaaaaaaaaaaaaaaaaa", "nobody", "%00", "..%2f.."})
    void anOperationThatIsNotThereCannotBeCancelled(String id) {
        var answer = cancel(id);

        assertThat(answer.expect(404).text("code")).isIn("not_found", "Not Found");
    }

    /** A fork, create or restore is either cancelled, and has left nothing, or it has succeeded, and cancelling said so. */
    @ParameterizedTest
    @ValueSource(strings = {"fork", "create", "restore"})
    void ofCancellingAndFinishingOneComesFirst(String kind) {
        var instance = guests.newStandby();
        var snapshot = snapshots.take(instance, "Standby");
        snapshots.compress(snapshot, "").expect(200);
        var random = new Random(42);
        for (var round = 0; round < 12; round++) {
            var name = Guests.newName("race");
            var before = api.get("/instances/" + instance).number("version");
            var accepted =
                    switch (kind) {
                        case "fork" ->
                            async(
                                    "/snapshots/" + snapshot + "/fork",
                                    "{\"name\":\"%s\",\"target_state\":\"Standby\"}".formatted(name));
                        case "create" ->
                            async(
                                    "/instances/" + instance + "/snapshots",
                                    "{\"kind\":\"Standby\",\"name\":\"%s\"}".formatted(name));
                        default ->
                            async(
                                    "/instances/" + instance + "/snapshots/" + snapshot + "/restore",
                                    "{\"target_state\":\"Standby\"}");
                    };
            spin(random.nextInt(20_000_000));

            var answer = cancel(accepted.id());

            var end = api.get("/operations/" + accepted.id()).expect(200).text("status");
            assertThat(answer.status()).as(answer.body()).isEqualTo(end.equals("cancelled") ? 200 : 409);
            assertThat(end).isIn("cancelled", "succeeded");
            var made = end.equals("succeeded");
            switch (kind) {
                case "fork" -> {
                    api.get("/instances/" + accepted.text("instance_id")).expect(made ? 200 : 404);
                    if (!made) {
                        snapshots
                                .fork(snapshot, "\"name\":\"%s\",\"target_state\":\"Standby\"".formatted(name))
                                .expect(201);
                    }
                }
                case "create" -> {
                    api.get("/snapshots/" + accepted.text("snapshot_id")).expect(made ? 200 : 404);
                    if (!made) {
                        snapshots
                                .create(instance, "Standby", ",\"name\":\"%s\"".formatted(name))
                                .expect(201);
                    }
                }
                default ->
                    assertThat(api.get("/instances/" + instance).number("version"))
                            .isEqualTo(made ? before + 1 : before);
            }
        }
        guests.leaveNothingBehind();
    }

    /** Another length each time, so that cancelling comes at one point or another. */
    private static void spin(long nanos) {
        for (var end = System.nanoTime() + nanos; System.nanoTime() < end; ) {
            Thread.onSpinWait();
        }
    }

    @Test
    void manyAreCancelledAtOnce() throws InterruptedException, ExecutionException {
        var running = longCompression(snapshots.take(largeInstance(), "Standby"));
        var snapshot = snapshots.take(guests.newStandby(), "Standby");
        var waiting = java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> async("/snapshots/" + snapshot + "/compress", "{\"level\":2}")
                        .id())
                .toList();

        try (var threads = Executors.newFixedThreadPool(8)) {
            var answers = threads.invokeAll(
                    waiting.stream()
                            .map(id -> (java.util.concurrent.Callable<Answer>) () -> cancel(id))
                            .toList(),
                    LIMIT.toSeconds(),
                    TimeUnit.SECONDS);
            for (var answer : answers) {
                assertThat(answer.get().expect(200).text("status")).isEqualTo("cancelled");
            }
        }

        cancel(running).expect(200);
        assertThat(api.get("/snapshots/" + snapshot).text("compression_state")).isEqualTo("none");
    }
}
