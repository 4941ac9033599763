package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.operation.OperationStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of command, with something going wrong at each of its steps in turn. */
@Timeout(300)
class EveryStepTest {
    private static final int CRASHING_LIVES = 6;

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
    void aCommandTakesItsStepsAndSettles(Scenario scenario) throws Exception {
        Disks.withFresh(data -> {
            var world = new World(data, scenario);
            var noted = Steps.noted();
            try (var worker = new TestWorker(world.shared, noted)) {
                worker.process(scenario.command());
                worker.process(scenario.command());
                world.followUps(worker);

                assertThat(world.ended(scenario.command())).isEqualTo(OperationStatus.SUCCEEDED);
                world.assertSettled(scenario.command().id());
                assertThat(noted.passed())
                        .contains(
                                Step.COMMAND_BEGUN,
                                Step.EVENT_PUBLISHED,
                                Step.END_RECORDED,
                                Step.END_PUBLISHED,
                                Step.STAGING_EMPTIED,
                                Step.TRASH_EMPTIED);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerThatDiesAtAnyStepLeavesNothingOpenOnceTheCommandHasComeAgain(Scenario scenario) throws Exception {
        var steps = stepsOf(scenario);
        for (var fatal = 0; fatal < steps.size(); fatal++) {
            var dies = fatal;
            Disks.withFresh(data -> {
                var world = new World(data, scenario);
                try (var worker = new TestWorker(world.shared, dying(dies))) {
                    assertThatThrownBy(() -> worker.process(scenario.command()))
                            .as("%s", steps.get(dies))
                            .isInstanceOf(Killed.class);
                }
                world.assertWhatIsVisibleIsWhole();

                try (var successor = new TestWorker(world.shared, Faults.NONE)) {
                    successor.process(scenario.command());
                    world.followUps(successor);
                }

                assertThat(world.ended(scenario.command())).isEqualTo(OperationStatus.SUCCEEDED);
                world.assertSettled(scenario.command().id());
            });
        }
    }

    private static Steps dying(int step) {
        return Steps.at(step, at -> {
            throw new Killed();
        });
    }

    @ParameterizedTest
    @EnumSource
    void workersThatDieOneAfterTheOtherLeaveNothingOpenEither(Scenario scenario) throws Exception {
        var count = stepsOf(scenario).size();
        for (var seed = 0; seed < 8; seed++) {
            var random = new Random(seed);
            var told = "seed " + seed;
            Disks.withFresh(data -> {
                var world = new World(data, scenario);
                var deaths = new ArrayList<List<Step>>();
                for (var life = 0; life < CRASHING_LIVES; life++) {
                    var faults = dying(random.nextInt(count));
                    try (var worker = new TestWorker(world.shared, faults)) {
                        worker.process(scenario.command());
                    } catch (Killed e) {
                        deaths.add(faults.passed());
                        world.assertWhatIsVisibleIsWhole();
                    }
                }
                try (var last = new TestWorker(world.shared, Faults.NONE)) {
                    last.process(scenario.command());
                    world.followUps(last);
                }

                assertThat(world.ended(scenario.command())).as(told + deaths).isEqualTo(OperationStatus.SUCCEEDED);
                world.assertSettled(scenario.command().id());
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStepThatFailsOnceIsTakenAgain(Scenario scenario) throws Exception {
        var steps = stepsOf(scenario);
        for (var message : List.of("Input/output error", "No space left on device")) {
            for (var fatal = 0; fatal < steps.size(); fatal++) {
                var fails = fatal;
                Disks.withFresh(data -> {
                    var world = new World(data, scenario);
                    var faults = Steps.at(fails, at -> {
                        throw new IOException(message);
                    });
                    try (var worker = new TestWorker(world.shared, faults)) {
                        worker.process(scenario.command());
                        world.followUps(worker);
                        world.putInOrder(worker);
                    }

                    assertThat(world.ended(scenario.command()))
                            .as("%s", steps.get(fails))
                            .isEqualTo(OperationStatus.SUCCEEDED);
                    world.assertSettled(scenario.command().id());
                });
            }
        }
    }
}
