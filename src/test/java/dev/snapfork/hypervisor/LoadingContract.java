package dev.snapfork.hypervisor;

import static dev.snapfork.hypervisor.Lifecycle.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.hypervisor.Launch.Reason;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What every driver must do with what was saved: make the same machine of it, or none. */
abstract class LoadingContract extends VmmFixture {
    @Test
    void aForkIsTheSavedMachineToTheLastByteAndStandsStill() throws Exception {
        var fork = fork("fork");

        assertThat(vmm().status(fork)).isEqualTo(MachineStatus.PAUSED);
        assertThat(memory(fork, "again"))
                .hasSameBinaryContentAs(saved().memory().file());
    }

    @Test
    void forksGoTheirOwnWaysAndOneOfAForkHasWhatThatDid() throws Exception {
        var one = fork("one");
        var two = fork("two");
        life().resume(one);
        life().resume(two);
        letWork(one);
        var again = life().save(one, "again", MemoryWish.COPY);
        life().kill(one);

        var ofOne = life().load(again, spec(), "of-one");

        assertThat(vmm().status(two)).isEqualTo(MachineStatus.RUNNING);
        var was = saved().memory().file();
        assertThat(Files.mismatch(again.memory().file(), was)).isNotNegative();
        assertThat(memory(ofOne, "third")).hasSameBinaryContentAs(again.memory().file());
    }

    @Test
    void aMachineThatWillNotGoOnLeavesItsMemoryAndGoesOnWithItLater() throws Exception {
        var machine = life().boot(spec(), "machine");
        var kept = life().save(machine, "kept", MemoryWish.LEAVE);
        var left = kept.memory().file();
        assertThat(left)
                .isEqualTo(
                        hasMemoryOfItsOwn()
                                ? machine.home().memory()
                                : kept.directory().resolve("memory"));
        life().kill(machine);
        var before = Files.copy(left, directory().resolve("before"));

        var later = life().load(Variations.withMemory(new MemorySource.Own(left), kept), spec(), "machine");

        assertThat(later.ownMemory()).isEqualTo(hasMemoryOfItsOwn());
        assertThat(memory(later, "again")).hasSameBinaryContentAs(before);
        life().resume(later);
        assertThat(vmm().status(later)).isEqualTo(MachineStatus.RUNNING);
    }

    @Test
    void whatIsNotThereOrNotAsItWasIsDamagedAndNothingIsStarted() throws Exception {
        var nowhere = new MemorySource.Shared(directory().resolve("nowhere"));
        var half = new MemorySource.Shared(Files.write(directory().resolve("half"), new byte[1 << 20]));
        var copy = copyOfSaved();
        var state = copy.resolve(stateFile());

        damaged(Variations.withMemory(nowhere, saved()));
        damaged(Variations.withMemory(half, saved()));
        Files.write(state, new byte[0]);
        damaged(Variations.in(copy, saved()));
        Files.delete(state);
        damaged(Variations.in(copy, saved()));
    }

    private void damaged(SavedMachine saved) throws Exception {
        assertThat(refused(vmm().load(saved, spec(), emptyHome())).reason()).isEqualTo(Reason.DAMAGED);
        assertThat(isAnybody(emptyHome())).isFalse();
    }

    @Test
    void halfAStateIsNoMachine() throws Exception {
        var copy = copyOfSaved();
        var state = Files.readAllBytes(copy.resolve(stateFile()));
        Files.write(copy.resolve(stateFile()), Arrays.copyOf(state, state.length / 2));

        var launch = vmm().load(Variations.in(copy, saved()), spec(), emptyHome());

        assertThat(launch).isNotInstanceOf(Launch.Launched.class);
        assertThat(isAnybody(emptyHome())).isFalse();
    }

    @Test
    void whatAnotherVersionHostOrMonitorSavedIsIncompatible() throws Exception {
        for (var other : Variations.savedElsewhere(saved())) {
            assertThat(refused(vmm().load(other, spec(), emptyHome())).reason())
                    .as("%s", other.profile())
                    .isEqualTo(Reason.INCOMPATIBLE);
        }
        assertThat(isAnybody(emptyHome())).isFalse();
    }

    @Test
    void anotherMachineThanTheOneThatWasSavedCannotBeMadeOfIt() throws Exception {
        for (var other : Variations.others(spec())) {
            var launch = vmm().load(saved(), other, life().home("other", other.disks()));

            assertThat(refused(launch).reason()).as("%s", other).isEqualTo(Reason.INCOMPATIBLE);
        }
        assertThat(isAnybody(life().home("other"))).isFalse();
    }
}
