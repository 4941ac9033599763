package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.operation.OperationStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two attempts at one command: a worker stands still, another is given its command, and the first goes on. */
@Timeout(300)
class ZombieTest {
    private static final long LIMIT_SECONDS = 60;
    /** At these the one that stands still holds the lock that the other needs: there is nothing that could be done instead. */
    private static final Set<Step> UNDER_LOCK =
            EnumSet.of(Step.MEMORY_ANNOUNCED, Step.MEMORY_RENAMED, Step.MANIFEST_SWAPPED, Step.TRASHED);

    private static boolean isUnderLock(Scenario scenario, Step step) {
        return UNDER_LOCK.contains(step) || (scenario == Scenario.IMPORT && step == Step.STAGED);
    }

    /** An attempt that stands still at one step until it is told to go on. */
    private static final class Attempted {
        private final CountDownLatch standing = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final Tenure tenure = new Tenure();
        private final Steps faults;
        private final Future<?> end;

        Attempted(World world, Scenario scenario, int step, java.util.concurrent.ExecutorService threads) {
            faults = Steps.at(step, at -> {
                standing.countDown();
                await(goOn);
            });
            end = threads.submit(() -> {
                try (var worker = new TestWorker(world.shared, faults)) {
                    worker.process(scenario.command(), tenure);
                } finally {
                    standing.countDown();
                }
                return null;
            });
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** Returns when it stands still, or has ended since it never came so far. */
        void awaitStanding() {
            await(standing);
        }

        /** It finds that its partition has gone elsewhere, and goes on from where it stood. */
        void wake() throws Exception {
            tenure.end();
            goOn.countDown();
            try {
                end.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isInstanceOf(Patience.StoppingException.class);
            }
        }
    }

    private static List<Step> stepsOf(Scenario scenario) throws Exception {
        var noted = Steps.noted();
        Disks.withFresh(data -> {
            var world = new World(data, scenario);
            try (var worker = new TestWorker(world.shared, noted)) {
                worker.process(scenario.command());
            }
        });
        return noted.passed();
    }

    @ParameterizedTest
    @EnumSource
    void whoStoodStillAtAnyStepDoesNotFinishOverItsSuccessorsWork(Scenario scenario) throws Exception {
        var steps = stepsOf(scenario);
        try (var threads = Executors.newCachedThreadPool()) {
            for (var index = 0; index < steps.size(); index++) {
                var at = index;
                Disks.withFresh(data -> {
                    var world = new World(data, scenario);
                    var zombie = new Attempted(world, scenario, at, threads);
                    zombie.awaitStanding();
                    try (var successor = new TestWorker(world.shared, Faults.NONE)) {
                        successor.process(scenario.command());
                        var ended = world.ended(scenario.command());
                        zombie.wake();
                        world.followUps(successor);
                        world.putInOrder(successor);

                        if (!isUnderLock(scenario, steps.get(at))) {
                            assertThat(ended).as("%s", steps.get(at)).isEqualTo(OperationStatus.SUCCEEDED);
                        }
                        assertThat(world.ended(scenario.command())).isEqualTo(ended);
                        world.assertSettled(scenario.command().id());
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoThatStandStillByTurnsSettleTheCommandOnce(Scenario scenario) throws Exception {
        var count = stepsOf(scenario).size();
        try (var threads = Executors.newCachedThreadPool()) {
            for (var seed = 0; seed < 12; seed++) {
                var random = new Random(seed);
                var told = "seed " + seed;
                Disks.withFresh(data -> {
                    var world = new World(data, scenario);
                    var first = new Attempted(world, scenario, random.nextInt(count), threads);
                    first.awaitStanding();
                    var second = new Attempted(world, scenario, random.nextInt(count), threads);
                    second.awaitStanding();
                    first.wake();
                    second.wake();
                    try (var last = new TestWorker(world.shared, Faults.NONE)) {
                        last.process(scenario.command());
                        world.followUps(last);
                        world.putInOrder(last);

                        assertThat(first.faults.passed()).as(told).isNotEmpty();
                        world.assertSettled(scenario.command().id());
                    }
                });
            }
        }
    }
}
