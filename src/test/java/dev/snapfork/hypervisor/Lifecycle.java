package dev.snapfork.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.file.SparseFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One machine after the other of one driver, in a directory. What is not done is a failure. */
public final class Lifecycle implements AutoCloseable {
    /** Of the machines that {@link #spec} describes, in bytes. */
    public static final long MEMORY = 64L << 20;

    private static final String IMAGE = "image.raw";
    private static final int IMAGE_BYTES = 1 << 20;
    private static final Duration END = Duration.ofSeconds(20);

    private final Vmm vmm;
    private final Path directory;
    private final Path image;
    private final List<RunningMachine> launched = new ArrayList<>();

    /** With disks of zeros. */
    public Lifecycle(Vmm vmm, Path directory) throws IOException {
        this(vmm, directory, Files.write(directory.resolve(IMAGE), new byte[IMAGE_BYTES]));
    }

    /** @param image what the disks of every machine are copies of */
    public Lifecycle(Vmm vmm, Path directory, Path image) {
        this.vmm = vmm;
        this.directory = directory;
        this.image = image;
    }

    /** A machine with one disk, that any monitor can run. */
    public MachineSpec spec(@Nullable String mac) throws IOException {
        var named = System.getenv("SNAPFORK_TEST_KERNEL");
        var kernel = named == null ? Files.writeString(directory.resolve("vmlinux"), "a kernel") : Path.of(named);
        return new MachineSpec(
                vmm.hypervisor(),
                1,
                MEMORY,
                new MachineSpec.Kernel(kernel, null, "console=ttyS0 panic=0"),
                List.of(new MachineSpec.Disk("root.raw", MachineSpec.Disk.Format.RAW, false)),
                mac,
                UUID.randomUUID());
    }

    /** A home for a machine with one disk. */
    public MachineHome home(String name) throws IOException {
        return home(name, List.of(new MachineSpec.Disk("root.raw", MachineSpec.Disk.Format.RAW, false)));
    }

    /** A home with these disks; those that are there stay as they are. */
    public MachineHome home(String name, List<MachineSpec.Disk> disks) throws IOException {
        var home = new MachineHome(
                Files.createDirectories(directory.resolve(name)),
                directory.resolve("run-" + name),
                name + "-" + directory);
        for (var disk : disks) {
            if (!Files.exists(home.directory().resolve(disk.file()))) {
                SparseFile.copy(image, home.directory().resolve(disk.file()));
            }
        }
        return home;
    }

    public RunningMachine boot(MachineSpec spec, String name) throws Exception {
        return launched(vmm.boot(spec, home(name, spec.disks())));
    }

    public RunningMachine load(SavedMachine saved, MachineSpec spec, String name) throws Exception {
        return launched(vmm.load(saved, spec, home(name, spec.disks())));
    }

    /** Saves a machine in a new directory of that name; it stands still then. */
    public SavedMachine save(RunningMachine machine, String name, MemoryWish wish) throws Exception {
        pause(machine);
        var into = Files.createDirectory(directory.resolve(name));
        var save = vmm.save(machine, into, wish);
        assertThat(save).isInstanceOf(Save.Saved.class);
        var saved = (Save.Saved) save;
        return new SavedMachine(into, saved.profile(), new MemorySource.Shared(saved.memory()));
    }

    public void pause(RunningMachine machine) throws Exception {
        done(vmm.pause(machine));
    }

    public void resume(RunningMachine machine) throws Exception {
        done(vmm.resume(machine));
    }

    public void kill(RunningMachine machine) throws Exception {
        done(vmm.kill(machine));
    }

    private RunningMachine launched(Launch launch) {
        assertThat(launch).isInstanceOf(Launch.Launched.class);
        var machine = ((Launch.Launched) launch).machine();
        launched.add(machine);
        return machine;
    }

    public static void done(Transition transition) {
        assertThat(transition).isInstanceOf(Transition.Done.class);
    }

    public static Transition.Failed failed(Transition transition) {
        assertThat(transition).isInstanceOf(Transition.Failed.class);
        return (Transition.Failed) transition;
    }

    public static Launch.Refused refused(Launch launch) {
        assertThat(launch).isInstanceOf(Launch.Refused.class);
        return (Launch.Refused) launch;
    }

    /** Ends what is left, also what was started and is no machine. */
    @Override
    public void close() throws IOException {
        try {
            for (var machine : launched) {
                var unused = vmm.kill(machine);
            }
            for (var process : Machines.below(directory)) {
                process.kill(END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
