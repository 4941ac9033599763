package dev.snapfork.worker;

import dev.snapfork.command.CommandCodec;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.fault.Step;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.simulation.Channels;
import dev.snapfork.simulation.Group;
import dev.snapfork.simulation.Log;
import dev.snapfork.simulation.Machine;
import dev.snapfork.simulation.Network;
import dev.snapfork.simulation.Scheduler;
import dev.snapfork.view.InMemoryReadModel;
import dev.snapfork.view.ToldStates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** A worker's process: takes commands from its partitions, works on several at once, commits what has been acknowledged. */
public final class SimulatedWorker {
    private static final int MAX_IN_FLIGHT = 4;
    private static final int LONGEST_POLL_MILLIS = 400;
    private static final int LONGEST_REST_MILLIS = 20_000;
    private static final int LONGEST_LOOK_MILLIS = 2_000;

    /** What all of a simulation's workers have in common. */
    public record Site(
            Path data,
            Scheduler scheduler,
            Network network,
            Log log,
            Group group,
            Channels channels,
            Ledger ledger,
            InMemoryReadModel readModel,
            Clock clock,
            MemoryCodec codec) {}

    /** A partition that this worker holds itself for the owner of. */
    private static final class Holding {
        private final Group.Assignment assignment;
        private final Tenure tenure = new Tenure();
        private final TreeSet<Long> acknowledged = new TreeSet<>();
        private long position;
        private long committed;

        private Holding(Group.Assignment assignment, long committed) {
            this.assignment = assignment;
            this.position = committed;
            this.committed = committed;
        }
    }

    private record Received(CommandEnvelope envelope, Holding holding, long offset) {}

    private final Site site;
    private final Scheduler scheduler;
    private final Machine machine;
    private final TestWorker worker;
    private final LateRecords lateRecords;
    private final Map<TopicPartition, Holding> holdings = new HashMap<>();
    private final Map<String, Deque<Received>> waiting = new HashMap<>();
    private int inFlight;
    private boolean stopping;

    public SimulatedWorker(Site site, Machine machine) throws IOException {
        this.site = site;
        this.scheduler = site.scheduler();
        this.machine = machine;
        var distant = new DistantAgreements(site.ledger().agreements, site.network());
        this.worker = new TestWorker(
                new TestWorker.Surroundings(
                        site.data(),
                        site.channels().events(),
                        site.channels().commands(),
                        new ProgressPublisher(site.channels().progress()),
                        distant,
                        distant,
                        distant,
                        ToldStates.nothing(),
                        site.clock(),
                        step -> scheduler.step(step.text()),
                        Duration.ZERO,
                        Duration.ZERO,
                        site.codec(),
                        scheduler.random(),
                        Map.of()),
                Map.of("snapfork.worker.retry-limit", "PT10S", "snapfork.worker.copy-jobs", "64"),
                config -> new VirtualPatience(config, scheduler));
        var config = TestWorker.config(Map.of());
        this.lateRecords = new LateRecords(
                new DistantOvertakenAggregates(new InMemoryOvertakenAggregates(site.readModel()), site.network()),
                new CurrentEvents(worker.store(), site.channels().events()),
                worker.patience(),
                config);
        // asked once and kept: not by a thread that may have to stand still meanwhile
        var unused = worker.store().space().ofCopy(0);
    }

    /** Starts its threads. */
    public void start() {
        repeat("reconcile", LONGEST_REST_MILLIS, () -> worker.reconciliation().reconcile());
        repeat("sweep", LONGEST_REST_MILLIS, () -> worker.reconciliation().sweep());
        repeat("tell again", LONGEST_REST_MILLIS, lateRecords::look);
        repeat("cancel", LONGEST_LOOK_MILLIS, this::cancel);
        scheduler.start(machine, "consumer", this::consume);
    }

    /** Ends its threads when they have done what they are at. */
    public void stop() {
        stopping = true;
    }

    /** What a process leaves to the operating system when it ends. */
    public void close() throws IOException {
        worker.close();
    }

    private interface Duty {
        void run() throws IOException;
    }

    private void cancel() {
        worker.cancels().look(withdrawals -> scheduler.start(machine, "withdrawals", withdrawals));
    }

    private void repeat(String what, int longestRestMillis, Duty duty) {
        scheduler.start(machine, what, () -> {
            while (!stopping) {
                try {
                    duty.run();
                } catch (IOException | RuntimeException e) {
                    scheduler.step("could not " + what);
                }
                scheduler.sleep("rest", Duration.ofMillis(1 + scheduler.random().nextInt(longestRestMillis)));
            }
        });
    }

    /** Once more, in the calling thread, when nothing fails any longer. */
    public void putInOrderForGood() {
        try {
            worker.reconciliation().reconcile();
            worker.reconciliation().sweep();
            worker.cancels().look(Runnable::run);
            lateRecords.look();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void consume() {
        while (!stopping) {
            site.group().heartbeat(machine);
            hearOfAssignments();
            fetch();
            if (scheduler.chance(0.5)) {
                commit();
            }
            var longest = inFlight == 0 ? LONGEST_POLL_MILLIS : LONGEST_POLL_MILLIS / 4;
            scheduler.sleep("poll", Duration.ofMillis(1 + scheduler.random().nextInt(longest)));
        }
    }

    private void hearOfAssignments() {
        for (var partition : site.group().partitions()) {
            var now = site.group().assignment(partition);
            var holding = holdings.get(partition);
            if (holding != null && !holding.assignment.equals(now)) {
                holding.tenure.end();
                holdings.remove(partition);
                holding = null;
            }
            if (holding == null && now != null && now.owner() == machine) {
                holdings.put(partition, new Holding(now, site.group().committed(partition)));
            }
        }
    }

    private void fetch() {
        for (var partition : site.group().partitions()) {
            var holding = holdings.get(partition);
            while (holding != null
                    && inFlight < MAX_IN_FLIGHT
                    && holding.position < site.log().end(partition)) {
                var record = site.log().at(partition, holding.position);
                var envelope = CommandCodec.decode(record.headers(), record.value());
                dispatch(new Received(envelope, holding, holding.position));
                holding.position++;
            }
        }
    }

    /** As {@link KeyedDispatcher} does it: one of a key at a time, in order. */
    private void dispatch(Received received) {
        inFlight++;
        var key = received.envelope().command().key();
        var queue = waiting.get(key);
        if (queue != null) {
            queue.add(received);
            return;
        }
        var mine = new ArrayDeque<Received>();
        mine.add(received);
        waiting.put(key, mine);
        scheduler.start(machine, key.substring(0, 6), () -> {
            for (var next = mine.poll(); next != null; next = mine.poll()) {
                work(next);
                inFlight--;
            }
            waiting.remove(key);
        });
    }

    /** As {@link CommandInbox} does it. */
    private void work(Received received) {
        if (received.holding().tenure.ended()) {
            return;
        }
        try {
            worker.process(received.envelope(), received.holding().tenure);
        } catch (Patience.StoppingException e) {
            scheduler.step("handed back");
            return;
        }
        received.holding().acknowledged.add(received.offset());
        scheduler.step(Step.ACKNOWLEDGED.text());
    }

    private void commit() {
        for (var entry : holdings.entrySet()) {
            var holding = entry.getValue();
            while (holding.acknowledged.remove(holding.committed)) {
                holding.committed++;
            }
            site.group().commit(entry.getKey(), holding.assignment, holding.committed);
        }
    }
}
