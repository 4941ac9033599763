package dev.snapfork.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.file.SparseFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link VmmContract} needs of a driver, and the machine that is booted and saved for all cases. Whatever they do, what was saved
 * stays as it was, and the machine that it was saved of runs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class VmmFixture {
    private Drivers drivers;
    private Vmm vmm;
    private Lifecycle forAll;
    private RunningMachine source;
    private SavedMachine saved;
    private Map<String, String> asSaved = Map.of();
    private Lifecycle life;
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init") // made before all tests
    VmmFixture() {}

    /** A kind of monitor as it is installed here. */
    public interface Drivers {
        /** The driver as another process of the service makes it: it knows nothing of what others have done. */
        Vmm driver();

        /** One that looks for the monitor where there is none. */
        Vmm withoutMonitor();

        /** One that soon gives up on a monitor that does not answer. */
        Vmm impatient();

        /** A machine with a network and a disk. */
        MachineSpec spec();

        /** What the disk is a copy of. */
        Path disk();
    }

    /** Installs it for all cases, or skips them and says what is missing. */
    protected abstract Drivers install(Path installed) throws Exception;

    /** The name of the device state's file. */
    protected abstract String stateFile();

    /** Whether machines have memory files of their own, which are left where they are when the machine will not go on. */
    protected boolean hasMemoryOfItsOwn() {
        return true;
    }

    /** Returns when the guest of a machine that was booted does its work. */
    protected void awaitGuest(RunningMachine booted) throws Exception {}

    /** Returns when the guest of a machine that runs has written to its memory; some do as soon as they go on. */
    protected void letWork(RunningMachine running) throws Exception {}

    /** Whether anything was started at home that has not ended. */
    protected boolean isAnybody(MachineHome home) throws Exception {
        return !Machines.labelled(home.label()).isEmpty();
    }

    /** Has the machine's monitor stand still, so that it answers nobody. */
    protected void freeze(RunningMachine machine) throws Exception {
        var kill = new ProcessBuilder("kill", "-STOP", Long.toString(machine.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    @BeforeAll
    void bootOne(@TempDir Path installed) throws Exception {
        drivers = install(installed);
        vmm = drivers.driver();
        forAll = new Lifecycle(vmm, installed, drivers.disk());
        source = forAll.boot(spec(), "source");
        awaitGuest(source);
        saved = forAll.save(source, "saved", MemoryWish.COPY);
        asSaved = Machines.digests(saved.directory());
        forAll.resume(source);
    }

    @BeforeEach
    void fresh(@TempDir Path fresh) {
        directory = fresh;
        life = new Lifecycle(vmm, fresh, drivers.disk());
    }

    @AfterEach
    void whatWasSavedIsAsItWasAndItsSourceRuns() throws Exception {
        life.close();
        assertThat(Machines.digests(saved.directory())).isEqualTo(asSaved);
        assertThat(vmm.status(source)).isEqualTo(MachineStatus.RUNNING);
    }

    @AfterAll
    void end() throws Exception {
        if (forAll != null) {
            forAll.close();
        }
    }

    final Drivers drivers() {
        return drivers;
    }

    protected final Vmm vmm() {
        return vmm;
    }

    final MachineSpec spec() {
        return drivers.spec();
    }

    final RunningMachine source() {
        return source;
    }

    protected final SavedMachine saved() {
        return saved;
    }

    /** The machines of one case, which are ended after it. */
    protected final Lifecycle life() {
        return life;
    }

    /** A machine of what was saved; it stands still. */
    protected final RunningMachine fork(String name) throws Exception {
        return life.load(saved, spec(), name);
    }

    /** A machine's memory as it is now, in a file; the machine stands still then. */
    protected final Path memory(RunningMachine machine, String name) throws Exception {
        return life.save(machine, name, MemoryWish.COPY).memory().file();
    }

    /** How a machine is that cannot be saved. */
    final MachineStatus notSaved(RunningMachine machine, Path into) throws Exception {
        var save = vmm.save(machine, into, MemoryWish.COPY);
        assertThat(save).isInstanceOf(Save.Failed.class);
        return ((Save.Failed) save).machine();
    }

    /** What was saved, in a directory that may be damaged. */
    final Path copyOfSaved() throws Exception {
        var copy = newDirectory("copy");
        for (var file : asSaved.keySet()) {
            SparseFile.copy(saved.directory().resolve(file), copy.resolve(file));
        }
        return copy;
    }

    /** The case's own. */
    final Path directory() {
        return directory;
    }

    final Path newDirectory(String name) throws Exception {
        return Files.createDirectory(directory.resolve(name));
    }

    /** A home with the disks of a machine that nobody lives in. */
    final MachineHome emptyHome() throws Exception {
        return life.home("empty", spec().disks());
    }
}
