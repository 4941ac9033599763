package dev.snapfork.worker;

import dev.snapfork.health.Health;
import dev.snapfork.health.HealthState;
import dev.snapfork.log.Topics;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.platform.SnapforkConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Counts how commands end, how long they take, and how long machines stand still for them. */
@ApplicationScoped
class OperationMeters {
    private static final Duration[] DURATIONS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(30)
    };
    private static final Duration[] PAUSES = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private static final List<OperationKind> PAUSING =
            List.of(OperationKind.CREATE_SNAPSHOT, OperationKind.FORK_INSTANCE, OperationKind.RUN_SCHEDULE);

    private final SnapforkConfig config;
    private final MeterRegistry meters;

    OperationMeters(SnapforkConfig config, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
    }

    /** A counter that appears with its first count has never increased, as far as Prometheus can see: so all are there from the start. */
    void start(@Observes StartupEvent event) {
        if (!config.roles().contains(SnapforkConfig.Role.WORKER)) {
            return;
        }
        for (var kind : OperationKind.values()) {
            Arrays.stream(OperationStatus.values())
                    .filter(OperationStatus::settled)
                    .forEach(end -> ended(kind, end));
        }
        PAUSING.forEach(this::pause);
        Topics.OF_COMMANDS.forEach(topic -> meters.counter("snapfork.dead.letters.buried", "topic", topic));
        for (var subject : Health.Subject.values()) {
            for (var state : List.of(HealthState.HEALTHY, HealthState.DAMAGED)) {
                meters.counter("snapfork.health.findings", "subject", subject.text(), "state", state.text());
            }
        }
    }

    /** A command has ended, and that is on record. */
    void count(Operation end) {
        ended(end.kind(), end.status()).increment();
        if (end.finishedAt() != null) {
            Timer.builder("snapfork.operation.duration")
                    .description("from accepting a command until it has settled")
                    .tag("kind", end.kind().text())
                    .tag("outcome", end.status().text())
                    .serviceLevelObjectives(DURATIONS)
                    .register(meters)
                    .record(between(end.createdAt(), end.finishedAt()));
        }
        if (end.pauseMs() != null) {
            pause(end.kind()).record(Duration.ofMillis(end.pauseMs()));
        }
    }

    private Counter ended(OperationKind kind, OperationStatus end) {
        return Counter.builder("snapfork.operations")
                .description("commands that have ended")
                .tag("kind", kind.text())
                .tag("outcome", end.text())
                .register(meters);
    }

    private Timer pause(OperationKind kind) {
        return Timer.builder("snapfork.machine.pause")
                .description("how long machines stood still for a command")
                .tag("kind", kind.text())
                .serviceLevelObjectives(PAUSES)
                .register(meters);
    }

    /** Two hosts' clocks: a command may seem to have ended before it was accepted. */
    private static Duration between(Instant accepted, Instant settled) {
        var between = Duration.between(accepted, settled);
        return between.isNegative() ? Duration.ZERO : between;
    }
}
