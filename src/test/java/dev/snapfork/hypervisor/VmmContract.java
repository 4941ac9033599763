package dev.snapfork.hypervisor;

import static dev.snapfork.hypervisor.Lifecycle.done;
import static dev.snapfork.hypervisor.Lifecycle.failed;
import static dev.snapfork.hypervisor.Lifecycle.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.hypervisor.Launch.Reason;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What every driver must do. */
public abstract class VmmContract extends LoadingContract {
    private static final Duration GRACE = Duration.ofSeconds(20);

    @Test
    void aMonitorThatIsThereSaysWhatMachinesAreMadeOf() throws Exception {
        var profile = source().profile();

        assertThat(vmm().probe()).isInstanceOfSatisfying(Probe.Available.class, here -> {
            assertThat(here.version()).isNotEmpty().isEqualTo(profile.version());
            assertThat(here.accelerator()).isNotEmpty().isEqualTo(profile.accelerator());
            assertThat(here.architecture()).isNotEmpty().isEqualTo(profile.architecture());
            assertThat(here.machineTypes().getFirst()).isEqualTo(profile.machineType());
        });
        assertThat(vmm().hypervisor()).isEqualTo(profile.hypervisor());
    }

    @Test
    void withoutAMonitorNothingIsSupported() throws Exception {
        var none = drivers().withoutMonitor();

        assertThat(none.probe())
                .isInstanceOfSatisfying(Probe.Unavailable.class, unavailable -> assertThat(unavailable.reason())
                        .contains("is not installed"));
        assertThat(refused(none.boot(spec(), emptyHome())).reason()).isEqualTo(Reason.NOT_SUPPORTED);
        assertThat(refused(none.load(saved(), spec(), emptyHome())).reason()).isEqualTo(Reason.NOT_SUPPORTED);
        assertThat(isAnybody(emptyHome())).isFalse();
    }

    @Test
    void aNewMachineRunsAndIsTheOneThatWasWanted() throws Exception {
        var machine = life().boot(spec(), "machine");

        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.RUNNING);
        assertThat(isAnybody(machine.home())).isTrue();
        assertThat(machine.ownMemory()).isEqualTo(hasMemoryOfItsOwn());
        assertThat(Files.exists(machine.home().memory())).isEqualTo(hasMemoryOfItsOwn());
        assertThat(machine.profile().vcpus()).isEqualTo(spec().vcpus());
        assertThat(machine.profile().memoryBytes()).isEqualTo(spec().memoryBytes());
        assertThat(machine.profile().disks()).isEqualTo(spec().disks());
        assertThat(machine.profile().mac()).isEqualTo(spec().mac());
    }

    @Test
    void aMachineWithoutNetworkAndDisksIsOneToo() throws Exception {
        var bare = Variations.bare(spec());
        var kept = life().save(life().boot(bare, "machine"), "kept", MemoryWish.COPY);

        var fork = life().load(kept, bare, "fork");
        life().resume(fork);

        assertThat(vmm().status(fork)).isEqualTo(MachineStatus.RUNNING);
    }

    @Test
    void whatCannotBeBootedLeavesNothingThatRuns() throws Exception {
        var launch = vmm().boot(Variations.booting(directory().resolve("nowhere"), spec()), emptyHome());

        assertThat(launch).isNotInstanceOf(Launch.Launched.class);
        assertThat(isAnybody(emptyHome())).isFalse();
    }

    @Test
    void eachMachineHasItsOwnWayToItsAgent() throws Exception {
        var fork = fork("fork");

        assertThat(vmm().agentSocket(fork)).hasValueSatisfying(socket -> assertThat(socket)
                .startsWithRaw(fork.home().runtime()));
        assertThat(vmm().agentSocket(source())).isNotEmpty().isNotEqualTo(vmm().agentSocket(fork));
    }

    @Test
    void pausingAndResumingWhatIsSoAlreadyIsDone() throws Exception {
        var machine = fork("machine");

        done(vmm().pause(machine));
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.PAUSED);
        done(vmm().resume(machine));
        done(vmm().resume(machine));
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.RUNNING);
        done(vmm().pause(machine));
        done(vmm().pause(machine));
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.PAUSED);
    }

    @Test
    void whatIsSavedIsWholeAndTheMachineStandsStillUntilItGoesOn() throws Exception {
        var machine = life().boot(spec(), "machine");

        var kept = life().save(machine, "kept", MemoryWish.COPY);

        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.PAUSED);
        assertThat(kept.profile()).isEqualTo(machine.profile());
        assertThat(kept.directory().resolve(stateFile())).isNotEmptyFile();
        assertThat(kept.memory().file()).hasParent(kept.directory()).hasSize(spec().memoryBytes());
        if (hasMemoryOfItsOwn()) {
            assertThat(kept.memory().file())
                    .hasSameBinaryContentAs(machine.home().memory());
        }
        life().resume(machine);
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.RUNNING);
        // and again, whatever the first time has left
        assertThat(memory(machine, "again")).hasSize(spec().memoryBytes());
        assertThat(life().save(machine, "once-more", MemoryWish.COPY)
                        .directory()
                        .resolve(stateFile()))
                .isNotEmptyFile();
    }

    @Test
    void aGuestThatIsAskedToShutDownDoesEvenIfItWasPaused() throws Exception {
        var machine = fork("machine");

        done(vmm().stop(machine, GRACE));

        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.GONE);
        assertThat(isAnybody(machine.home())).isFalse();
    }

    @Test
    void aDeadMachineIsGoneAndEverythingAboutItSaysSo() throws Exception {
        var machine = fork("machine");

        done(vmm().kill(machine));

        assertThat(isAnybody(machine.home())).isFalse();
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.GONE);
        assertThat(failed(vmm().pause(machine)).machine()).isEqualTo(MachineStatus.GONE);
        assertThat(failed(vmm().resume(machine)).machine()).isEqualTo(MachineStatus.GONE);
        assertThat(notSaved(machine, newDirectory("kept"))).isEqualTo(MachineStatus.GONE);
        done(vmm().stop(machine, GRACE));
        done(vmm().kill(machine));
    }

    @Test
    void aMachineThatRunsIsNotSavedAndRunsOn() throws Exception {
        assertThat(notSaved(source(), newDirectory("kept"))).isEqualTo(MachineStatus.RUNNING);
        assertThat(vmm().status(source())).isEqualTo(MachineStatus.RUNNING);
    }

    @Test
    void aSaveThatFailsLeavesTheMachineAsItWas() throws Exception {
        var machine = fork("machine");

        assertThat(notSaved(machine, directory().resolve("nowhere"))).isEqualTo(MachineStatus.PAUSED);

        assertThat(memory(machine, "kept"))
                .hasSameBinaryContentAs(saved().memory().file());
        life().resume(machine);
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.RUNNING);
    }

    @Test
    void aMonitorThatStandsStillIsSilentAndCanBeEnded() throws Exception {
        var impatient = drivers().impatient();
        var machine = fork("machine");

        freeze(machine);

        assertThat(impatient.status(machine)).isEqualTo(MachineStatus.SILENT);
        assertThat(failed(impatient.resume(machine)).machine()).isEqualTo(MachineStatus.SILENT);
        done(impatient.kill(machine));
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.GONE);
    }

    @Test
    void anotherProcessOfTheServiceGoesOnWithTheMachineByItsRecord() throws Exception {
        var machine = MachineJson.read(MachineJson.write(fork("machine")));
        var other = drivers().driver();

        assertThat(other.status(machine)).isEqualTo(MachineStatus.PAUSED);
        assertThat(other.save(machine, newDirectory("kept"), MemoryWish.COPY)).isInstanceOf(Save.Saved.class);
        done(other.resume(machine));
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.RUNNING);
        assertThat(other.agentSocket(machine)).isEqualTo(vmm().agentSocket(machine));
        done(other.kill(machine));
        assertThat(vmm().status(machine)).isEqualTo(MachineStatus.GONE);
    }

    @Test
    void aMachineWhoseNumberAnotherHasIsGoneAndTheOtherIsLeftAlone() throws Exception {
        var now = source();
        var boot = now.boot();
        for (var earlier : new RunningMachine[] {
            new RunningMachine(now.pid(), now.startTicks() - 1, boot, false, now.profile(), now.home()),
            new RunningMachine(now.pid(), now.startTicks(), boot + "0", false, now.profile(), now.home())
        }) {
            assertThat(vmm().status(earlier)).isEqualTo(MachineStatus.GONE);
            assertThat(failed(vmm().pause(earlier)).machine()).isEqualTo(MachineStatus.GONE);
            done(vmm().stop(earlier, GRACE));
            done(vmm().kill(earlier));
            assertThat(vmm().status(now)).isEqualTo(MachineStatus.RUNNING);
        }
    }
}
