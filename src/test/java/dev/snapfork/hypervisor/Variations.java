package dev.snapfork.hypervisor;

import dev.snapfork.instance.Hypervisor;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Machines that are like another but for one thing. */
public final class Variations {
    private Variations() {}

    /** With another kernel. */
    public static MachineSpec booting(Path kernel, MachineSpec spec) {
        return new MachineSpec(
                spec.hypervisor(),
                spec.vcpus(),
                spec.memoryBytes(),
                new MachineSpec.Kernel(
                        kernel, spec.kernel().initrd(), spec.kernel().commandLine()),
                spec.disks(),
                spec.mac(),
                spec.generation());
    }

    /** Without disks and network. */
    public static MachineSpec bare(MachineSpec spec) {
        return with(spec, spec.vcpus(), spec.memoryBytes(), List.of(), null);
    }

    /** Each of them is another machine than the one that is given, which has a network. */
    public static List<MachineSpec> others(MachineSpec spec) {
        var vcpus = spec.vcpus();
        var memory = spec.memoryBytes();
        var disks = spec.disks();
        var more = new MachineSpec.Disk("more.raw", MachineSpec.Disk.Format.RAW, false);
        return List.of(
                with(spec, vcpus + 1, memory, disks, spec.mac()),
                with(spec, vcpus, 2 * memory, disks, spec.mac()),
                with(spec, vcpus, memory, disks.subList(1, disks.size()), spec.mac()),
                with(
                        spec,
                        vcpus,
                        memory,
                        Stream.concat(disks.stream(), Stream.of(more)).toList(),
                        spec.mac()),
                with(spec, vcpus, memory, disks, null));
    }

    private static MachineSpec with(
            MachineSpec spec, int vcpus, long memory, List<MachineSpec.Disk> disks, @Nullable String mac) {
        return new MachineSpec(spec.hypervisor(), vcpus, memory, spec.kernel(), disks, mac, spec.generation());
    }

    /** The same, as other versions, hosts and monitors would have saved it. */
    public static List<SavedMachine> savedElsewhere(SavedMachine saved) {
        var profile = saved.profile();
        var architecture = profile.architecture();
        var other = profile.hypervisor() == Hypervisor.VZ ? Hypervisor.QEMU : Hypervisor.VZ;
        return List.of(
                by(profile.hypervisor(), "1.0.0", architecture, saved),
                by(profile.hypervisor(), profile.version() + "-dev", architecture, saved),
                by(profile.hypervisor(), "what?", architecture, saved),
                by(profile.hypervisor(), profile.version(), "riscv64", saved),
                by(other, profile.version(), architecture, saved));
    }

    /** The same, saved by a version of a monitor on a processor. */
    public static SavedMachine by(Hypervisor hypervisor, String version, String architecture, SavedMachine saved) {
        var profile = saved.profile();
        var changed = new MachineProfile(
                hypervisor,
                version,
                profile.machineType(),
                profile.accelerator(),
                architecture,
                profile.vcpus(),
                profile.memoryBytes(),
                profile.disks(),
                profile.mac());
        return new SavedMachine(saved.directory(), changed, saved.memory(), saved.origin());
    }

    /** The same, its memory elsewhere. */
    public static SavedMachine withMemory(MemorySource memory, SavedMachine saved) {
        return new SavedMachine(saved.directory(), saved.profile(), memory, saved.origin());
    }

    /** The same, its state elsewhere. */
    public static SavedMachine in(Path directory, SavedMachine saved) {
        return new SavedMachine(directory, saved.profile(), saved.memory(), saved.origin());
    }
}
