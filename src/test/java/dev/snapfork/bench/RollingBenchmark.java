package dev.snapfork.bench;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.Eventually;
import dev.snapfork.api.Guests;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What clients notice when every process of a service is restarted, one after the other, as an update does: nothing but waits. For
 * {@code deploy/bench/rolling}.
 */
final class RollingBenchmark {
    private static final Duration SETTLE = Duration.ofMinutes(2);
    private static final Duration CALM = Duration.ofSeconds(5);
    private static final int SHOWN = 10;

    private RollingBenchmark() {}

    /** @param args a directory to work in, how many clients there are, and how often each process is restarted */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
        // a balancer sees each connection that is refused
        System.setProperty("jdk.httpclient.disableRetryConnect", "true");
        var home = Path.of(args[0]).toAbsolutePath();
        var data = Files.createDirectories(home.resolve("data"));
        var met = false;
        try (var stack = new FragileStack(
                home.resolve("stack"), Path.of("target", "postgresql").toAbsolutePath())) {
            stack.startPostgres();
            stack.startBroker();
            try (var fleet = new Fleet(data, SharedEnvironment.at(stack.addresses()))) {
                fleet.start();
                met = run(fleet, data, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            }
        }
        System.exit(met ? 0 : 1);
    }

    @SuppressWarnings("SystemOut")
    private static boolean run(Fleet fleet, Path data, int number, int times) throws Exception {
        System.out.printf(
                "Two processes of each role, restarted with SIGTERM; %d clients; %d processors, load average %.1f%n%n",
                number, Lab.processors(), Stopwatch.loadAverage());
        System.out.printf("%-14s %10s %10s%n", "restarted", "stopped s", "ready s");
        var tally = new RollingTally();
        var clients = new ArrayList<RollingClient>();
        var guests = new Guests(data, fleet.balancer().next());
        for (var i = 0; i < number; i++) {
            clients.add(new RollingClient(fleet.balancer(), tally, guests.newStandby()));
        }
        load(fleet, clients, times);
        var api = fleet.balancer().next();
        var open = open(api);
        var unreadable = unreadable(api, clients);
        return table(tally, open, unreadable, clients);
    }

    @SuppressWarnings("SystemOut")
    private static void load(Fleet fleet, List<RollingClient> clients, int times)
            throws IOException, InterruptedException {
        var over = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            clients.forEach(client -> threads.execute(() -> client.run(over::get)));
            try {
                for (var i = 0; i < times; i++) {
                    TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
                    fleet.restartAll(
                            it -> System.out.printf("%-14s %10.1f %10.1f%n", it.name(), it.stopping(), it.starting()));
                }
                TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
            } finally {
                over.set(true);
            }
        }
    }

    /** How many operations do not settle. */
    private static int open(ApiClient api) {
        var open = 0;
        for (var status : List.of("accepted", "running")) {
            try {
                Eventually.see(
                        SETTLE,
                        () -> api.get("/operations?limit=1000&status=" + status)
                                .expect(200)
                                .json(),
                        list -> list.isEmpty());
            } catch (AssertionError e) {
                open += api.get("/operations?limit=1000&status=" + status)
                        .json()
                        .size();
            }
        }
        return open;
    }

    /** Which snapshots that were acknowledged cannot be read, to their last byte. */
    private static List<String> unreadable(ApiClient api, List<RollingClient> clients) {
        return clients.stream()
                .flatMap(client -> client.kept().stream())
                .filter(id -> !api.get("/snapshots/" + id).text("id").equals(id)
                        || !api.post("/snapshots/" + id + "/verify", "")
                                .text("health")
                                .equals("healthy"))
                .toList();
    }

    @SuppressWarnings("SystemOut")
    private static boolean table(RollingTally tally, int open, List<String> unreadable, List<RollingClient> clients) {
        var kept = clients.stream().mapToInt(client -> client.kept().size()).sum();
        var bars = List.of(
                Bar.atMost("failed", tally.failures().size(), 0),
                Bar.atMost("not settled", open, 0),
                Bar.atMost("not readable", unreadable.size(), 0));
        System.out.printf("%n%-60s %8d%n", "requests", tally.requests());
        System.out.printf("%-60s %8d%n", "told when to come again (503, 429, 409 in progress)", tally.postponements());
        line("failed otherwise", bars.get(0));
        line("operations accepted and not settled", bars.get(1));
        line("snapshots acknowledged and not readable, of " + kept, bars.get(2));
        System.out.printf(
                "%-60s %8.1f  %s%n",
                "longest wait s", tally.longest().seconds(), tally.longest().what());
        tally.failures().stream().limit(SHOWN).forEach(failure -> System.out.println("  " + failure));
        return bars.stream().allMatch(Bar::met);
    }

    @SuppressWarnings("SystemOut")
    private static void line(String what, Bar bar) {
        System.out.printf("%-60s %8.0f  %s%n", what, bar.value(), bar.text());
    }
}
