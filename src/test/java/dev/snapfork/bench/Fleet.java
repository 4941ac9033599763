package dev.snapfork.bench;

import dev.snapfork.api.ServiceProcess;
import dev.snapfork.environment.SharedEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two processes of each role, and a balancer before those that answer requests. */
final class Fleet implements AutoCloseable {
    private static final List<String> ROLES = List.of("api", "worker", "projection", "scheduler");
    private static final int REPLICAS = 2;
    /** So that all of them together have no more connections than the PostgreSQL here gives. */
    private static final Map<String, String> ANY = Map.of("quarkus.datasource.reactive.max-size", "4");
    /** The delay as {@code k8s/base/api.yaml} has it. */
    private static final Map<String, String> API =
            Map.of("quarkus.datasource.reactive.max-size", "4", "quarkus.shutdown.delay", "5S");

    private final Path data;
    private final SharedEnvironment environment;
    private final Balancer balancer = new Balancer().begin();
    private final List<Member> members = new ArrayList<>();

    private static final class Member {
        private final String name;
        private final String role;
        private ServiceProcess process;
        private String base = "";

        Member(String name, String role, ServiceProcess process) {
            this.name = name;
            this.role = role;
            this.process = process;
        }
    }

    /** How long it took until a process had stopped, and from then until the next was ready, in seconds. */
    record Restart(String name, double stopping, double starting) {}

    /** What is told of each restart. */
    interface Watcher {
        void restarted(Restart restart);
    }

    Fleet(Path data, SharedEnvironment environment) {
        this.data = data;
        this.environment = environment;
    }

    /** Starts all of them; returns when they are ready. */
    void start() throws IOException {
        for (var role : ROLES) {
            for (var number = 1; number <= REPLICAS; number++) {
                members.add(new Member(role + "-" + number, role, process(role)));
            }
        }
        for (var member : members) {
            enter(member);
        }
    }

    Balancer balancer() {
        return balancer;
    }

    private ServiceProcess process(String role) throws IOException {
        return ServiceProcess.start(role, data, role.equals("api") ? API : ANY, environment);
    }

    private void enter(Member member) {
        member.base = member.process.awaitReady();
        if (member.role.equals("api")) {
            balancer.add(member.base);
        }
    }

    /** Stops each process with SIGTERM and starts another in its place, one after the other. */
    void restartAll(Watcher watcher) throws IOException {
        for (var member : members) {
            var begun = System.nanoTime();
            member.process.close();
            var stopped = System.nanoTime();
            balancer.remove(member.base);
            var stopping = Stopwatch.since(begun) - Stopwatch.since(stopped);
            member.process = process(member.role);
            enter(member);
            watcher.restarted(new Restart(member.name, stopping, Stopwatch.since(stopped)));
        }
    }

    @Override
    public void close() throws IOException {
        balancer.close();
        for (var member : members.reversed()) {
            member.process.kill();
        }
    }
}
