package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.RefusalCode;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of command, with the disk failing at each of its calls in turn. */
@Timeout(300)
class EveryDiskCallTest {
    private static final Set<Step> CALLS = EnumSet.range(Step.DISK_CREATE, Step.DISK_REMOVE);
    private static final Set<Step> NEED_SPACE = EnumSet.of(Step.DISK_CREATE, Step.DISK_WRITE);
    private static final String EIO = "Input/output error";
    private static final String ENOSPC = "No space left on device";
    private static final Map<String, String> IMPATIENT = Map.of("snapfork.worker.retry-limit", "PT0.02S");

    /** Fails calls of some kinds from the n-th on, for a while. */
    private static final class FailingDisk implements Faults {
        private final Set<Step> kinds;
        private final String message;
        private final int from;
        private final int times;
        private final AtomicInteger calls = new AtomicInteger();

        FailingDisk(Set<Step> kinds, String message, int from, int times) {
            this.kinds = kinds;
            this.message = message;
            this.from = from;
            this.times = times;
        }

        static FailingDisk never(Set<Step> kinds) {
            return new FailingDisk(kinds, "", Integer.MAX_VALUE, 0);
        }

        @Override
        public void at(Step call) throws IOException {
            if (kinds.contains(call)) {
                var index = calls.getAndIncrement();
                if (index >= from && index - from < times) {
                    throw new IOException(message);
                }
            }
        }
    }

    private static int callsOf(Scenario scenario, Set<Step> kinds) throws Exception {
        var disk = FailingDisk.never(kinds);
        Disks.withFresh(data -> {
            var world = new World(data, scenario);
            process(world, scenario, disk);
        });
        return disk.calls.get();
    }

    private static void process(World world, Scenario scenario, FailingDisk disk) throws IOException {
        try (var worker = new TestWorker(world.shared, Faults.NONE, IMPATIENT)) {
            DiskFaults.tell(disk);
            try {
                worker.process(scenario.command());
            } finally {
                DiskFaults.tell(Faults.NONE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatFailsOnceIsMadeAgain(Scenario scenario) throws Exception {
        var calls = callsOf(scenario, CALLS);
        assertThat(calls).isPositive();
        for (var i = 0; i < calls; i++) {
            var failing = i;
            Disks.withFresh(data -> {
                var world = new World(data, scenario);
                process(world, scenario, new FailingDisk(CALLS, EIO, failing, 1));
                afterwards(world, scenario);

                assertThat(world.ended(scenario.command()))
                        .as("call %d", failing)
                        .isEqualTo(OperationStatus.SUCCEEDED);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDiskThatFillsUpAtAnyWriteFailsTheCommandCleanly(Scenario scenario) throws Exception {
        var calls = callsOf(scenario, NEED_SPACE);
        for (var i = 0; i < calls; i++) {
            var failing = i;
            Disks.withFresh(data -> {
                var world = new World(data, scenario);
                process(world, scenario, new FailingDisk(NEED_SPACE, ENOSPC, failing, Integer.MAX_VALUE));
                var end =
                        world.shared.agreements().find(scenario.command().id()).orElseThrow();
                afterwards(world, scenario);

                if (end.outcome().status() != OperationStatus.SUCCEEDED) {
                    assertThat(end.outcome().error()).as("call %d", failing).satisfies(error -> {
                        assertThat(error.code()).isEqualTo(RefusalCode.INSUFFICIENT_RESOURCES);
                        assertThat(error.message()).contains("free some");
                    });
                    succeedsLater(world, scenario);
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDiskThatDoesNothingAnyMoreFromAnyCallOnLeavesTheCommandSettled(Scenario scenario) throws Exception {
        var calls = callsOf(scenario, CALLS);
        for (var i = 0; i < calls; i++) {
            var failing = i;
            Disks.withFresh(data -> {
                var world = new World(data, scenario);
                process(world, scenario, new FailingDisk(CALLS, EIO, failing, Integer.MAX_VALUE));
                afterwards(world, scenario);

                var end =
                        world.shared.agreements().find(scenario.command().id()).orElseThrow();
                if (end.outcome().status() == OperationStatus.FAILED) {
                    assertThat(end.outcome().error())
                            .as("call %d", failing)
                            .satisfies(error -> assertThat(error.message()).contains("have it checked"));
                }
            });
        }
    }

    /** The disk works again, and a worker starts on it. */
    private static void afterwards(World world, Scenario scenario) throws IOException {
        try (var worker = new TestWorker(world.shared, Faults.NONE)) {
            world.putInOrder(worker);
            world.followUps(worker);
            world.putInOrder(worker);
            world.assertSettled(scenario.command().id());
        }
    }

    /** The same asked for again. */
    private static void succeedsLater(World world, Scenario scenario) throws IOException {
        var again = new CommandEnvelope(
                new OperationId("again".repeat(5).substring(0, 24)),
                scenario.command().issuedAt(),
                world.again(scenario));
        try (var worker = new TestWorker(world.shared, Faults.NONE)) {
            worker.process(again);
            world.followUps(worker);

            assertThat(world.ended(again)).isEqualTo(OperationStatus.SUCCEEDED);
            world.assertSettled(again.id());
        }
    }
}
