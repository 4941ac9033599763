package dev.snapfork.hypervisor.conformance;

import dev.snapfork.hypervisor.Lifecycle;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineSpec.Disk;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.Save;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.hypervisor.Vmm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A stand-in that is installed once, and the machines of one case. Whatever was against the specification fails the case. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StandInFixture {
    private final StandIn standIn;
    private Program program;
    private Vmm vmm;
    private Vmm impatient;
    private Lifecycle life;
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init") // made before all tests
    StandInFixture(StandIn standIn) {
        this.standIn = standIn;
    }

    @BeforeAll
    void install(@TempDir Path installed) throws IOException {
        program = standIn.install(installed);
        vmm = standIn.driver(program.binary());
        impatient = standIn.impatient(program.binary());
    }

    @BeforeEach
    void fresh(@TempDir Path fresh) throws IOException {
        directory = fresh;
        life = new Lifecycle(vmm, fresh);
    }

    @AfterEach
    void nothingWasAgainstTheSpecification() throws Exception {
        life.close();
        program.reset();
    }

    static List<Disk> disks() {
        return List.of(new Disk("root.raw", Disk.Format.RAW, false), new Disk("config.raw", Disk.Format.RAW, true));
    }

    final MachineSpec spec() throws IOException {
        var kernel = Files.writeString(directory.resolve("vmlinux"), "a kernel");
        return new MachineSpec(
                standIn.kind(),
                2,
                Lifecycle.MEMORY,
                new MachineSpec.Kernel(kernel, null, "console=ttyS0 reboot=k panic=1"),
                disks(),
                "52:54:00:00:00:01",
                UUID.randomUUID());
    }

    final MachineHome home(String name) throws IOException {
        return life.home(name, disks());
    }

    final RunningMachine booted(String name) throws Exception {
        return life.boot(spec(), name);
    }

    final Save save(RunningMachine machine) throws Exception {
        return vmm.save(machine, Files.createDirectory(directory.resolve("saved")), MemoryWish.COPY);
    }

    /** A machine that was saved and can be loaded. */
    final SavedMachine saved() throws Exception {
        return life.save(booted("source"), "saved", MemoryWish.COPY);
    }

    final StandIn standIn() {
        return standIn;
    }

    final Program program() {
        return program;
    }

    final Vmm vmm() {
        return vmm;
    }

    /** One that waits for nothing for long. */
    final Vmm impatient() {
        return impatient;
    }

    final Lifecycle life() {
        return life;
    }

    final Path directory() {
        return directory;
    }
}
