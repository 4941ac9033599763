import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Boots a machine, takes a snapshot of it while it runs, and forks it. Started by deploy/local/demo --vm. */
public final class MachineDemo {
    private static final Duration CALL = Duration.ofSeconds(90);
    private static final Duration BOOT = Duration.ofSeconds(90);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int FORKS = 3;

    private static volatile boolean ending;

    private final String run = "demo-" + Long.toString(System.currentTimeMillis(), 36);
    private final Path data;
    private final Api api;

    private MachineDemo(Path data, Api api) {
        this.data = data;
        this.api = api;
    }

    /** Who a guest says that it is. */
    private record Guest(String name, double seconds, String counter, String token, String hostname, String mac, String machine, String random) {}

    /** Arguments: the service's port, its data directory, whether to keep what is made. */
    public static void main(String[] args) throws Exception {
        var data = Path.of(args[1]).toAbsolutePath();
        var status = 1;
        try {
            var api = new Api(args[0], data, CALL);
            api.requireService();
            status = new MachineDemo(data, api).run(Boolean.parseBoolean(args[2])) ? 0 : 1;
        } catch (Problem e) {
            complain(e.getMessage());
        } catch (IOException e) {
            complain("The demo broke off: " + e);
        }
        System.exit(status);
    }

    /** What is wrong, unless it is that everything is being deleted. */
    private static void complain(String what) {
        if (!ending) {
            System.err.println(what);
        }
    }

    private boolean run(boolean keep) throws IOException, InterruptedException, Problem {
        if (!keep) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::clean));
        }
        var guests = new ArrayList<Guest>();
        guests.add(boot());
        var snapshot = snapshot();
        for (var i = 1; i <= FORKS; i++) {
            guests.add(fork(snapshot, run + "-" + i));
        }
        System.out.printf("%n%-18s %8s %8s  %-12s %-18s %-18s %-12s %s%n",
                "machine", "ready s", "counter", "token", "hostname", "mac", "instance", "random");
        for (var guest : guests) {
            System.out.printf(Locale.ROOT, "%-18s %8.2f %8s  %-12s %-18s %-18s %-12s %s%n", guest.name, guest.seconds, guest.counter,
                    start(guest.token), guest.hostname, guest.mac, start(guest.machine), start(guest.random));
        }
        var fine = verdict(guests);
        System.out.println(keep ? "\nKept: what is tagged demo=" + run : "\nDeleting what was made.");
        return fine;
    }

    private Guest boot() throws IOException, InterruptedException, Problem {
        System.out.println("Booting a machine of 256 MB.");
        var began = System.nanoTime();
        var id = Api.text(api.call("POST", "/instances", """
                {"name":"%s","hypervisor":"qemu","image":"example","vcpus":1,"size":"256MB","tags":{"demo":"%s"}}"""
                .formatted(run, run), 201).body(), "id");
        var guest = ask(run, id, began, BOOT);
        System.out.printf(Locale.ROOT, "It has booted after %.1f s. Its token is %s: random, drawn at boot, and in its memory only. "
                + "It has counted to %s.%n", guest.seconds, guest.token, guest.counter);
        return guest;
    }

    /** Returns the snapshot's id. */
    private String snapshot() throws IOException, InterruptedException, Problem {
        var began = System.nanoTime();
        var accepted = api.call("POST", "/instances/" + run + "/snapshots", """
                {"kind":"Standby","tags":{"demo":"%s"}}""".formatted(run), 202, "Prefer", "respond-async");
        var operation = settled(accepted.headers().firstValue("Location").orElseThrow());
        System.out.printf(Locale.ROOT, "A snapshot of it while it runs: %.2f s, of which it stood still for %s ms (pause_ms).%n",
                seconds(began), Api.text(operation, "pause_ms"));
        return Api.text(operation, "snapshot_id");
    }

    private String settled(String operation) throws IOException, InterruptedException, Problem {
        for (var deadline = System.nanoTime() + CALL.toNanos(); System.nanoTime() < deadline; Thread.sleep(20)) {
            var body = api.call("GET", operation, null, 200).body();
            switch (Api.text(body, "status")) {
                case "accepted", "running" -> {}
                case "succeeded" -> {
                    return body;
                }
                default -> throw new Problem("The snapshot did not succeed: " + body);
            }
        }
        throw new Problem("The snapshot takes longer than " + CALL.toSeconds() + " s: see " + operation);
    }

    private Guest fork(String snapshot, String name) throws IOException, InterruptedException, Problem {
        var began = System.nanoTime();
        var id = Api.text(api.call("POST", "/snapshots/" + snapshot + "/fork", """
                {"name":"%s","target_state":"Running"}""".formatted(name), 201).body(), "id");
        return ask(name, id, began, ANSWER);
    }

    private Guest ask(String name, String id, long began, Duration limit) throws IOException, Problem {
        try (var console = GuestConsole.at(socket(id))) {
            console.awaitCount(limit);
            var token = console.ask("token", ANSWER);
            var ready = seconds(began);
            return new Guest(name, ready, console.ask("counter", ANSWER), token, console.ask("hostname", ANSWER),
                    console.ask("mac", ANSWER), console.ask("machine", ANSWER), console.ask("rand", ANSWER));
        }
    }

    /** The console's socket lies in the machine's runtime directory, which the instance's record names. */
    private Path socket(String id) throws IOException, Problem {
        return Path.of(Api.text(Files.readString(data.resolve("guests").resolve(id).resolve("metadata.json")), "runtime"))
                .resolve("console.sock");
    }

    private boolean verdict(List<Guest> guests) throws IOException, InterruptedException, Problem {
        var source = guests.getFirst();
        var id = Api.text(api.call("GET", "/instances/" + run, null, 200).body(), "id");
        String now;
        try (var console = GuestConsole.at(socket(id))) {
            now = console.ask("counter", ANSWER);
        }
        System.out.println();
        return say("The forks know the token that the source drew at boot.", distinct(guests, Guest::token) == 1)
                & say("They differ from it and from each other in hostname, MAC address, instance and random numbers.",
                        List.<Function<Guest, String>>of(Guest::hostname, Guest::mac, Guest::machine, Guest::random).stream()
                                .allMatch(item -> distinct(guests, item) == guests.size()))
                & say("The source has gone on and has counted to " + now + ".", Long.parseLong(now) > Long.parseLong(source.counter));
    }

    private static long distinct(List<Guest> guests, Function<Guest, String> item) {
        return new HashSet<>(guests.stream().map(item).toList()).size();
    }

    private static boolean say(String what, boolean so) {
        System.out.println((so ? "yes  " : "NO   ") + what);
        return so;
    }

    /** Deletes what bears this run's tag; at the end, however that comes. */
    private void clean() {
        ending = true;
        try {
            api.deleteTagged(run);
        } catch (IOException | InterruptedException e) {
            System.err.println("Not everything tagged demo=" + run + " could be deleted: " + e);
        }
    }

    private static String start(String text) {
        return text.substring(0, Math.min(10, text.length()));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
