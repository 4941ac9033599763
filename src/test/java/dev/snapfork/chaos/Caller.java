package dev.snapfork.chaos;

import static java.util.Map.entry;

import dev.snapfork.api.Answer;
import dev.snapfork.api.Guests;
import dev.snapfork.api.Sha256;
import dev.snapfork.chaos.Persistent.Final;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** One client with machines of its own, so that it knows what each request must come to. */
final class Caller {
    private static final int MOST = 6;
    private static final long MEMORY_BYTES = 24L << 20;
    private static final Path MEMORY = Path.of("snapshots", "snapshot-latest", "memory-ranges");
    private static final List<String> COMPRESSIONS = List.of(
            "\"algorithm\":\"zstd\",\"level\":1",
            "\"algorithm\":\"zstd\",\"level\":9",
            "\"algorithm\":\"lz4\",\"level\":0");

    private final String name;
    private final Persistent api;
    private final Guests guests;
    private final Journal journal;
    private final SplittableRandom random;
    private final List<Owned> instances = new ArrayList<>();
    private final List<Owned> snapshots = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();
    private int count;

    Caller(String name, Persistent api, Guests guests, Journal journal, long seed) {
        this.name = name;
        this.api = api;
        this.guests = guests;
        this.journal = journal;
        this.random = new SplittableRandom(seed);
    }

    List<Owned> instances() {
        return instances;
    }

    List<Owned> snapshots() {
        return snapshots;
    }

    /** Paths of what was deleted. */
    List<String> gone() {
        return gone;
    }

    private String newName(String what) {
        return name + "-" + what + "-" + count++;
    }

    /** Works until it is over, and ends with no request open. */
    void run(BooleanSupplier over) {
        try {
            importOne(true);
            importOne(true);
            importOne(false);
            while (!over.getAsBoolean()) {
                step();
            }
        } catch (RuntimeException | AssertionError e) {
            journal.violation(name + ": " + e);
        }
    }

    private void step() {
        var drawn = random.nextInt(100);
        if (snapshots.isEmpty() || (drawn < 26 && snapshots.size() < MOST)) {
            create();
        } else if (drawn < 42) {
            compress();
        } else if (drawn < 62 && instances.size() < MOST) {
            fork();
        } else if (drawn < 72) {
            restore();
        } else if (drawn < 80) {
            cancelSomething();
        } else if (drawn < 84) {
            verify();
        } else if (drawn < 92) {
            delete(snapshots, "/snapshots/");
        } else if (instances.size() > 3) {
            delete(instances, "/instances/");
        }
    }

    private Owned any(List<Owned> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void importOne(boolean standby) {
        var machine = newName("vm");
        var directory = standby ? guests.standby(machine, MEMORY_BYTES, 3) : guests.stopped(machine);
        var memory = standby ? Sha256.of(directory.resolve(MEMORY)) : null;
        done(
                        "import",
                        201,
                        api.post(
                                "/instances/import",
                                "{\"name\":\"%s\",\"hypervisor\":\"cloud-hypervisor\",\"state\":\"%s\",\"directory\":\"%s\"}"
                                        .formatted(machine, standby ? "Standby" : "Stopped", machine),
                                newName("key")))
                .ifPresent(made -> instances.add(new Owned(made.id(), memory, null)));
    }

    /** The answer, if the request came to what it must come to; else that is a violation. */
    private Optional<Answer> done(String what, int expected, Final got) {
        var answer = got.answer();
        journal.count("request " + what + " " + answer.status());
        if (answer.status() != expected) {
            journal.violation(name + ": " + what + " was answered with " + answer.status() + " " + answer.body());
            return Optional.empty();
        }
        return Optional.of(answer);
    }

    private void create() {
        var source = any(instances);
        var standby = source.memory() != null && random.nextInt(4) > 0;
        var compression = standby && random.nextBoolean()
                ? ",\"compression\":{\"enabled\":true," + COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size())) + "}"
                : "";
        var kind = standby ? "Standby" : "Stopped";
        if (!standby && source.memory() != null) {
            // a machine in standby has no stopped snapshot
            return;
        }
        done(
                        "create",
                        201,
                        api.post(
                                "/instances/" + source.id() + "/snapshots",
                                "{\"kind\":\"%s\",\"name\":\"%s\"%s}".formatted(kind, newName("s"), compression),
                                newName("key")))
                .ifPresent(made -> {
                    snapshots.add(new Owned(made.id(), standby ? source.memory() : null, source.id()));
                    done("read", 200, api.get("/snapshots/" + made.id()));
                });
    }

    private void compress() {
        var snapshot = any(snapshots);
        if (snapshot.memory() != null) {
            done(
                    "compress",
                    200,
                    api.post(
                            "/snapshots/" + snapshot.id() + "/compress",
                            "{" + COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size())) + "}",
                            newName("key")));
        }
    }

    private String forkBody(Owned snapshot) {
        return "{\"name\":\"%s\",\"target_state\":\"%s\"}"
                .formatted(newName("f"), snapshot.memory() == null ? "Stopped" : "Standby");
    }

    private void fork() {
        var snapshot = any(snapshots);
        done("fork", 201, api.post("/snapshots/" + snapshot.id() + "/fork", forkBody(snapshot), newName("key")))
                .ifPresent(made -> instances.add(new Owned(made.id(), snapshot.memory(), null)));
    }

    private void restore() {
        var snapshot = any(snapshots);
        var there = instances.stream().anyMatch(instance -> instance.id().equals(snapshot.source()));
        if (snapshot.memory() != null && there) {
            done(
                    "restore",
                    200,
                    api.post(
                            "/instances/" + snapshot.source() + "/snapshots/" + snapshot.id() + "/restore",
                            "{\"target_state\":\"Standby\"}",
                            newName("key")));
        }
    }

    private void verify() {
        var snapshot = any(snapshots);
        done("verify", 200, api.post("/snapshots/" + snapshot.id() + "/verify", "", newName("key")))
                .filter(verified -> !verified.text("health").equals("healthy"))
                .ifPresent(verified -> journal.violation(name + ": verified as " + verified.body()));
    }

    /** Something that takes a while is cancelled, which may come too late. */
    private void cancelSomething() {
        var snapshot = any(snapshots);
        if (snapshot.memory() == null) {
            return;
        }
        var forks = random.nextBoolean() && instances.size() < MOST;
        var path = "/snapshots/" + snapshot.id() + (forks ? "/fork" : "/compress");
        var body = forks ? forkBody(snapshot) : "{\"algorithm\":\"zstd\",\"level\":19}";
        done("begin", 202, api.postAsync(path, body, newName("key")))
                .ifPresent(begun -> cancel(begun.id(), snapshot, forks));
    }

    private void cancel(String operation, Owned snapshot, boolean forks) {
        journal.accepted(operation);
        var asked = api.post("/operations/" + operation + "/cancel", "", newName("key"))
                .answer();
        journal.count("request cancel " + asked.status());
        var end = api.settled(operation);
        journal.count("cancelled operation " + end.text("status"));
        if (!List.of("succeeded", "cancelled").contains(end.text("status"))) {
            journal.violation(name + ": a command to be cancelled ended as " + end.body());
        }
        if (forks && end.text("status").equals("succeeded")) {
            instances.add(new Owned(end.text("instance_id"), snapshot.memory(), null));
        }
    }

    private void delete(List<Owned> list, String prefix) {
        var doomed = list.remove(random.nextInt(list.size()));
        var answer = api.delete(prefix + doomed.id());
        journal.count("request delete " + answer.answer().status());
        var fine = Map.ofEntries(entry(204, true), entry(404, answer.resent()));
        if (!fine.getOrDefault(answer.answer().status(), false)) {
            journal.violation(
                    name + ": a delete was answered with " + answer.answer().body());
        }
        gone.add(prefix + doomed.id());
    }
}
