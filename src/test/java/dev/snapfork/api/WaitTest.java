package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class WaitTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    private Answer waited(String instance, String query) {
        return api.get("/instances/" + instance + "/wait?" + query);
    }

    /** A call that waits by now, or is about to. */
    private CompletableFuture<Answer> waiting(String instance, String query) {
        return CompletableFuture.supplyAsync(
                () -> waited(instance, query), task -> Thread.ofVirtual().start(task));
    }

    private static Duration time(Runnable call) {
        var begun = System.nanoTime();
        call.run();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @ParameterizedTest
    @CsvSource({"state=Stopped", "state=Stopped&timeout=5m", "state=Stopped&timeout=100h", "state=Stopped&timeout=1.5s"
    })
    void whatIsSoAlreadyIsAnsweredAtOnce(String query) {
        var instance = guests.newStopped();

        var took = time(() -> assertThat(waited(instance, query).expect(200).body())
                .isEqualTo("{\"state\":\"Stopped\",\"timed_out\":false}"));

        assertThat(took).isLessThan(Duration.ofSeconds(20));
    }

    /** A connection on which nothing is sent is ended after that time, also while a call waits on it. */
    @Test
    void noConnectionIsTakenForAnIdleOneDuringTheLongestWait() {
        var idle = ConfigProvider.getConfig().getValue("quarkus.http.idle-timeout", Duration.class);

        assertThat(idle).isGreaterThan(LONGEST_WAIT.plusSeconds(30));
    }

    @Test
    void whatDoesNotComeIsNoErrorWhenTheTimeIsOver() {
        var instance = guests.newStopped();

        var took = time(() -> assertThat(waited(instance, "state=Running&timeout=1200ms")
                        .expect(200)
                        .body())
                .isEqualTo("{\"state\":\"Stopped\",\"timed_out\":true}"));

        assertThat(took).isBetween(Duration.ofMillis(1200), Duration.ofSeconds(20));
    }

    @Test
    void anInstanceIsNamedInAllTheWaysThatItCanBe() {
        var name = Guests.newName("waited");
        guests.stopped(name);
        var id = guests.imported(name, "Stopped", "").expect(201).id();

        for (var reference : new String[] {id, name, id.substring(0, 20)}) {
            waited(reference, "state=Stopped").expect(200);
        }
        waited("nobody", "state=Stopped").refuses(404, "not_found", "nobody");
    }

    @Test
    void aChangeOfStateEndsTheWait() throws InterruptedException {
        var instance = guests.newStandby();
        var snapshot = snapshots.take(instance, "Standby");
        var wait = waiting(instance, "state=Stopped&timeout=60s");
        TimeUnit.MILLISECONDS.sleep(300);
        assertThat(wait).isNotDone();

        snapshots.restore(instance, snapshot, "\"target_state\":\"Stopped\"").expect(200);

        assertThat(wait).succeedsWithin(Duration.ofSeconds(20)).satisfies(answer -> assertThat(
                        answer.expect(200).body())
                .isEqualTo("{\"state\":\"Stopped\",\"timed_out\":false}"));
    }

    @Test
    void whoWaitsForAnInstanceThatIsDeletedIsToldThatItIsGone() throws InterruptedException {
        var instance = guests.newStopped();
        var wait = waiting(instance, "state=Running&timeout=60s");
        TimeUnit.MILLISECONDS.sleep(300);

        api.delete("/instances/" + instance).expect(204);

        assertThat(wait)
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(answer -> answer.refuses(404, "not_found", instance));
    }

    @Test
    void manyMayWaitForOneAndForOthers() throws InterruptedException, ExecutionException {
        var deleted = guests.newStopped();
        var stays = guests.newStopped();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var gone = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> waited(deleted, "state=Running&timeout=60s")))
                    .toList();
            var over = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> waited(stays, "state=Running&timeout=3s")))
                    .toList();
            // others are not kept from being served
            api.get("/instances/" + stays).expect(200);
            api.delete("/instances/" + deleted).expect(204);

            var answers = new ArrayList<Answer>();
            for (var call : gone) {
                call.get().refuses(404, "not_found", deleted);
            }
            for (var call : over) {
                answers.add(call.get());
            }
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.expect(200).body())
                            .isEqualTo("{\"state\":\"Stopped\",\"timed_out\":true}"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            state=Sleeping                     | invalid_state   | state must be one of Created, Initializing, Running
            state=running                      | invalid_state   | got running
            state=                             | invalid_state   | state must be one of
            state=Stopped&timeout=soon         | invalid_timeout | invalid duration "soon"
            state=Stopped&timeout=5            | invalid_timeout | invalid duration "5"
            state=Stopped&timeout=             | invalid_timeout | invalid duration ""
            state=Stopped&timeout=-5s          | invalid_timeout | must be more than nothing, got -5s
            state=Stopped&timeout=0s           | invalid_timeout | must be more than nothing, got 0s
            state=Stopped&timeout=9999999999h  | invalid_timeout | longer than 292 years
            timeout=5s                         | Bad Request     | state is required
            state=Stopped&state=Running        | Bad Request     | state is given 2 times
            state=Stopped&timeout=1s&timeout=2s | Bad Request    | timeout is given 2 times
            """)
    void whatCannotBeMeantIsRefused(String query, String code, String message) {
        waited(guests.newStopped(), query).refuses(400, code, message);
    }

    @Test
    void aWaitThatEndsWithoutItsStateLeavesRoomForOthers() {
        var instance = guests.newStopped();
        for (var i = 0; i < 20; i++) {
            waited(instance, "state=Running&timeout=1ms").expect(200);
        }
        assertThat(Eventually.see(LIMIT, () -> waited(instance, "state=Stopped"), answer -> answer.status() == 200)
                        .status())
                .isEqualTo(200);
    }
}
