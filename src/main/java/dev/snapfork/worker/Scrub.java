package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.CommandPublisher;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.worker.ScrubTurns.Turn;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Has every snapshot verified again and again. Each worker has one verification out at a time, as a command that any worker may
 * get; so there are as many as workers, each held to its worker's rate. Who was verified the longest ago comes first, which is all
 * there is to going on after a restart.
 */
@ApplicationScoped
class Scrub {
    private static final Logger LOG = Logger.getLogger(Scrub.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    /** A worker that stops taking its turn again has died. */
    private static final Duration LEASE = Duration.ofMinutes(2);
    /** After a verification that came to nothing the same snapshot is not tried again for so long. */
    private static final Duration LONGEST_REST = Duration.ofHours(1);

    private final String worker = UUID.randomUUID().toString();
    private final SnapforkConfig config;
    private final ScrubTurns turns;
    private final CommandPublisher commands;
    private final Settlements settlements;
    private final Patience patience;
    private final Clock clock;
    private final Duration every;

    Scrub(
            SnapforkConfig config,
            ScrubTurns turns,
            CommandPublisher commands,
            Settlements settlements,
            Patience patience,
            Clock clock) {
        this.config = config;
        this.turns = turns;
        this.commands = commands;
        this.settlements = settlements;
        this.patience = patience;
        this.clock = clock;
        this.every = config.scrub().every();
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(SnapforkConfig.Role.WORKER) && every.isPositive()) {
            Thread.ofPlatform().daemon().name("scrub").start(this::run);
        }
    }

    private void run() {
        var pause = bounded(every.dividedBy(10));
        try {
            while (!patience.stopping()) {
                if (!verifyOneGuarded()) {
                    patience.pause(pause);
                }
            }
        } catch (Patience.StoppingException e) {
            LOG.debug("the scrub stops");
        }
    }

    private boolean verifyOneGuarded() {
        try {
            return verifyOne();
        } catch (Patience.StoppingException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.errorf(e, "the scrub failed unexpectedly and goes on");
            return false;
        }
    }

    /**
     * Has the snapshot verified that has waited longest, and returns when that has settled.
     *
     * @return false if none is due
     */
    boolean verifyOne() {
        var turn = patience.insist(
                "find a snapshot to verify",
                () -> turns.take(worker, clock.instant().minus(every), LEASE));
        if (turn.isEmpty()) {
            return false;
        }
        var envelope = envelope(turn.get());
        patience.insist("publish a verify command", commands.publish(envelope));
        var snapshot = turn.get().snapshot();
        var pause = SHORTEST_PAUSE;
        while (patience.insist("look up a verification", () -> settlements.find(envelope.id()))
                .isEmpty()) {
            patience.pause(pause);
            pause = bounded(pause.multipliedBy(2));
            patience.insist("keep a turn", () -> {
                turns.keep(worker, snapshot, LEASE);
                return snapshot;
            });
        }
        var rest = every.compareTo(LONGEST_REST) < 0 ? every : LONGEST_REST;
        patience.insist("end a turn", () -> {
            turns.keep(worker, snapshot, rest);
            return snapshot;
        });
        return true;
    }

    /** The id follows from what it is about: if a turn goes to another worker, both ask for one and the same command. */
    private CommandEnvelope envelope(Turn turn) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var round = now.toEpochMilli() / Math.max(1, every.toMillis());
        return new CommandEnvelope(
                new OperationId(Cuid.derived(
                        "verification of " + turn.snapshot() + " since " + turn.checkedAt() + " in round " + round)),
                now,
                new Command.VerifySnapshot(turn.snapshot(), true));
    }

    private static Duration bounded(Duration pause) {
        return pause.compareTo(SHORTEST_PAUSE) < 0
                ? SHORTEST_PAUSE
                : pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
