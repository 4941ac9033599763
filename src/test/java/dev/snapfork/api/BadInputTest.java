package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.contract.DescribedOperation;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/**
 * Sends every operation of the served document what it does not expect. The requests are made from the document, so a route that
 * is added to it is tried as well.
 */
@QuarkusTest
class BadInputTest {
    private static final long SEED = Long.getLong("badinput.seed", 1);
    private static final int AT_ONCE = 8;
    private static final int MOST_SHOWN = Integer.getInteger("badinput.shown", 20);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Path BODIES = Path.of("target", "bad-input");

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);
    private final URI base = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));

    @Test
    void whateverIsSentTheServiceAnswersAndGoesOn() throws Exception {
        var named = newNames();
        // restoring changes the instance
        var restored = newNames();
        var requests = new OddRequests(
                        SEED, (on, parameter) -> (on.path().endsWith("/restore") ? restored : named).of(on, parameter))
                .all();

        var wrong = sendAll(requests);

        assertThat(wrong).as("%d requests with seed %d", requests.size(), SEED).isEmpty();
        assertThat(NoHttp.all(SEED).stream()
                        .map(bytes -> NoHttp.sent(base, bytes))
                        .filter(problem -> !problem.isEmpty()))
                .isEmpty();
        everythingSettles();
        guests.leaveNothingBehind();
        theMainJobIsStillDone();
    }

    /** Names of things that are there. */
    private record Named(String instance, String snapshot, String operation) {
        private static final String NOBODY = "z".repeat(24);

        /** What a parameter names; nothing where the operation would remove it, and no time to wait for what does not come. */
        String of(DescribedOperation on, String parameter) {
            if (on.method().equals("DELETE")) {
                return NOBODY;
            }
            if (on.parametersIn("query").stream()
                    .anyMatch(query -> query.required("name").textValue().equals(parameter))) {
                return on.path().endsWith("/wait")
                        ? Map.of("state", "Standby", "timeout", "50ms").getOrDefault(parameter, "")
                        : "";
            }
            return switch (on.path().split("/", -1)[1] + " " + parameter) {
                case "instances id" -> instance;
                case "operations id" -> operation;
                case "instances snapshotId", "snapshots snapshotId" -> snapshot;
                default -> NOBODY;
            };
        }
    }

    private Named newNames() {
        var instance = guests.newStandby();
        var snapshot = snapshots.take(instance, "Standby");
        return new Named(
                instance,
                snapshot,
                api.get("/operations?limit=1").expect(200).ids().getFirst());
    }

    private List<String> sendAll(List<Probe> requests) throws InterruptedException, IOException {
        var shuffled = new ArrayList<>(requests);
        Collections.shuffle(shuffled, new Random(SEED));
        var wrong = new ConcurrentLinkedQueue<String>();
        var next = new AtomicInteger();
        Callable<Void> sender = () -> {
            for (var i = next.getAndIncrement(); i < shuffled.size(); i = next.getAndIncrement()) {
                send(shuffled.get(i), wrong);
            }
            return null;
        };
        try (var senders = Executors.newFixedThreadPool(AT_ONCE)) {
            senders.invokeAll(Collections.nCopies(AT_ONCE, sender));
        }
        var all = wrong.stream().sorted().toList();
        Files.createDirectories(BODIES);
        Files.writeString(BODIES.resolve("wrong.txt"), String.join("\n", all));
        return all.stream().limit(MOST_SHOWN).toList();
    }

    private void send(Probe probe, Queue<String> wrong) {
        try {
            var reply = Wire.exchange(base, probe.bytes(), probe.method().equals("HEAD"), ANSWER_LIMIT);
            Verdict.on(probe, reply)
                    .ifPresent(problem -> wrong.add("%s: %s%n  answered %d %s%n  %s"
                            .formatted(
                                    problem,
                                    probe,
                                    reply.status(),
                                    reply.body(),
                                    probe.curl(base.toString(), BODIES))));
        } catch (IOException e) {
            wrong.add("%s: %s%n  %s".formatted(e, probe, probe.curl(base.toString(), BODIES)));
        }
    }

    private void everythingSettles() {
        for (var status : List.of("accepted", "running")) {
            var open = Eventually.see(
                    SOON,
                    () -> api.get("/operations?status=" + status).expect(200).ids(),
                    List::isEmpty);
            assertThat(open).isEmpty();
        }
    }

    private void theMainJobIsStillDone() {
        var instance = guests.newStandby();
        var taken = snapshots.take(instance, "Standby");
        snapshots.compress(taken, "").expect(200);
        var fork = snapshots.forkToStandby(taken);
        assertThat(Sha256.of(guests.memory(fork))).isEqualTo(Sha256.of(guests.memory(instance)));
    }
}
