package dev.snapfork.hypervisor.conformance;

import static dev.snapfork.hypervisor.Lifecycle.done;
import static dev.snapfork.hypervisor.Lifecycle.failed;
import static dev.snapfork.hypervisor.Lifecycle.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.hypervisor.FakeMemory;
import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.Machines;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.Probe;
import dev.snapfork.hypervisor.Save;
import dev.snapfork.hypervisor.Variations;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every monitor that is spoken to with HTTP, beside the port's contract: above all how it goes wrong. */
abstract class MonitorConformance extends StandInFixture {
    MonitorConformance(StandIn standIn) {
        super(standIn);
    }

    @Test
    void itsVersionAndWhatItRunsGuestsWithAreSaid() throws Exception {
        assertThat(vmm().probe()).isInstanceOfSatisfying(Probe.Available.class, available -> {
            assertThat(available.version()).isEqualTo(standIn().version());
            assertThat(available.accelerator()).isEqualTo("kvm");
        });
    }

    @Test
    void aGuestGoesOnOnceEachTimeItIsResumed() throws Exception {
        var saved = saved();
        var fork = life().load(saved, spec(), "fork");

        life().resume(fork);
        life().pause(fork);
        life().resume(fork);

        assertThat(FakeMemory.guest(
                        life().save(fork, "again", MemoryWish.COPY).memory().file()))
                .isEqualTo(FakeMemory.guest(saved.memory().file()).replace("went on 0", "went on 2"));
    }

    @Test
    void aForkHasItsOwnDisks() throws Exception {
        var source = booted("source");
        var saved = life().save(source, "saved", MemoryWish.COPY);

        var fork = life().load(saved, spec(), "fork");

        var elsewhere = source.home().directory().toRealPath() + "/";
        assertThat(Machines.openFiles(fork))
                .contains(
                        fork.home().directory().toRealPath().resolve("root.raw").toString())
                .noneMatch(file -> file.startsWith(elsewhere));
    }

    @Test
    void aGuestThatDoesNotShutDownIsEndedWhenItsGraceIsOver() throws Exception {
        var machine = booted("machine");
        program().deafGuests();

        done(vmm().stop(machine, Duration.ofMillis(200)));

        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.GONE);
        assertThat(Machines.below(directory())).isEmpty();
    }

    @Test
    void whatTheMonitorRefusesIsToldInItsOwnWords() throws Exception {
        var machine = booted("machine");
        program().fault(standIn().pauseCall(), "refuse");

        var failed = failed(vmm().pause(machine));

        assertThat(failed.message()).contains("told to refuse");
        assertThat(failed.machine()).isEqualTo(MachineStatus.RUNNING);
    }

    @Test
    void anAnswerThatWasLostOrCutOffAfterTheDeedIsDone() throws Exception {
        var machine = booted("machine");
        program().fault(standIn().pauseCall(), "lose");
        done(vmm().pause(machine));
        program().noFaults();
        done(vmm().resume(machine));

        program().fault(standIn().pauseCall(), "half");

        done(vmm().pause(machine));
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.PAUSED);
    }

    @Test
    void aMonitorThatHangsIsSilentAndCanBeStopped() throws Exception {
        var machine = booted("machine");
        program().fault(standIn().pauseCall(), "hang");

        var failed = failed(impatient().pause(machine));

        assertThat(failed.machine()).isEqualTo(MachineStatus.SILENT);
        assertThat(failed.message()).contains("within 2000 ms");
        done(impatient().stop(machine, Duration.ofSeconds(1)));
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.GONE);
    }

    @Test
    void aMonitorThatDiesWhileItSavesHasSavedNothing() throws Exception {
        var machine = booted("machine");
        done(vmm().pause(machine));
        program().fault(standIn().saveCall(), "die");

        assertThat(save(machine)).isInstanceOfSatisfying(Save.Failed.class, failed -> assertThat(failed.machine())
                .isEqualTo(MachineStatus.GONE));
    }

    @Test
    void aMonitorThatDiesBehindItsAnswerHasSavedNothingThatIsTrusted() throws Exception {
        var machine = booted("machine");
        done(vmm().pause(machine));
        program().fault(standIn().saveCall(), "exit");

        assertThat(save(machine)).isInstanceOf(Save.Failed.class);
    }

    @Test
    void aSaveThatIsRefusedLeavesTheMachinePaused() throws Exception {
        var machine = booted("machine");
        done(vmm().pause(machine));
        program().fault(standIn().saveCall(), "refuse");

        assertThat(save(machine)).isInstanceOfSatisfying(Save.Failed.class, failed -> {
            assertThat(failed.machine()).isEqualTo(MachineStatus.PAUSED);
            assertThat(failed.message()).contains("told to refuse");
        });
        program().noFaults();
        done(vmm().resume(machine));
    }

    @Test
    void aBootThatFailsLeavesNoProcess() throws Exception {
        for (var fault : List.of("refuse", "hang")) {
            program().fault(standIn().bootCall(), fault);

            assertThat(impatient().boot(spec(), home("machine"))).as(fault).isInstanceOf(Launch.Failed.class);

            assertThat(Machines.below(directory())).as(fault).isEmpty();
            program().noFaults();
        }
    }

    @Test
    void aMonitorThatEndsRightAfterItBootedIsGone() throws Exception {
        program().fault(standIn().bootCall(), "exit");

        var machine = booted("machine");

        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.GONE);
    }

    @Test
    void aLoadThatFailsLeavesNoProcess() throws Exception {
        var saved = saved();
        for (var fault : List.of("refuse", "hang", "half", "lose")) {
            program().fault(standIn().loadCall(), fault);
            var home = home(fault);

            assertThat(impatient().load(saved, spec(), home)).as(fault).isInstanceOf(Launch.Failed.class);

            assertThat(Machines.labelled(home.label())).as(fault).isEmpty();
            program().noFaults();
        }
    }

    @Test
    void aMonitorThatEndsAtOnceLeavesItsLastWords() throws Exception {
        vmm().probe();
        program().mute();

        assertThat(vmm().boot(spec(), home("machine")))
                .isInstanceOfSatisfying(Launch.Failed.class, failed -> assertThat(failed.message())
                        .contains("cannot open /dev/kvm: Permission denied"));
        assertThat(standIn().driver(program().binary()).probe())
                .isInstanceOfSatisfying(Probe.Unavailable.class, unavailable -> assertThat(unavailable.reason())
                        .contains("Permission denied"));
    }

    @Test
    void aDiskThatIsNotThereFailsTheLoadInTheMonitorsWords() throws Exception {
        var saved = saved();
        var home = home("fork");
        Files.delete(home.directory().resolve("root.raw"));

        assertThat(vmm().load(saved, spec(), home))
                .isInstanceOfSatisfying(Launch.Failed.class, failed -> assertThat(failed.message())
                        .contains("root.raw"));
    }

    @Test
    void aVersionIsTheSameHoweverItIsWritten() throws Exception {
        var saved = saved();
        var written = Variations.by(
                standIn().kind(), "v" + standIn().version(), saved.profile().architecture(), saved);

        var fork = life().load(written, spec(), "fork");

        assertThat(vmm().status(fork)).isEqualTo(MachineStatus.PAUSED);
    }

    @Test
    void aProgramThatWasReplacedSinceItWasAskedDoesNotGetAnOthersState() throws Exception {
        var saved = saved();
        var text = Files.readString(program().binary(), UTF_8);
        try {
            Files.writeString(program().binary(), text.replace(" " + standIn().version() + " ", " 99.0.0 "));

            var refused = refused(vmm().load(saved, spec(), home("fork")));

            assertThat(refused.reason()).isEqualTo(Launch.Reason.INCOMPATIBLE);
            assertThat(refused.message()).contains("99.0.0").contains(standIn().version());
        } finally {
            Files.writeString(program().binary(), text);
        }
    }

    @Test
    void halfAStateIsFoundBeforeAnythingIsStarted() throws Exception {
        var saved = saved();
        var state = saved.directory().resolve(standIn().stateFile());
        var bytes = Files.readAllBytes(state);
        Files.write(state, Arrays.copyOf(bytes, bytes.length / 2));
        var before = program().requests("");

        assertThat(refused(vmm().load(saved, spec(), home("fork"))).reason()).isEqualTo(Launch.Reason.DAMAGED);

        assertThat(program().requests("")).isEqualTo(before);
    }

    @Test
    void aSocketsPathThatIsTooLongIsSaid() throws Exception {
        var home = home("machine");
        var deep = new MachineHome(home.directory(), directory().resolve("x".repeat(100)), home.label());

        assertThat(refused(vmm().boot(spec(), deep)))
                .isEqualTo(new Launch.Refused(
                        Launch.Reason.INVALID,
                        "a socket's path has at most 107 bytes, got "
                                + (deep.runtime().toString().length() + 9) + ": " + deep.runtime() + "/api.sock"));
    }
}
