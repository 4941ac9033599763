package dev.snapfork.hypervisor.qemu;

import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineSpec.Disk;
import dev.snapfork.instance.Hypervisor;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A machine for tests that start none. */
final class Given {
    static final long MEMORY = 4L << 20;
    static final String MAC = "02:00:00:00:00:01";
    static final UUID GENERATION = new UUID(1, 2);
    static final Disk ROOT = new Disk("rootfs.raw", Disk.Format.RAW, false);

    private Given() {}

    static MachineSpec spec(Path kernel, @Nullable Path initrd, List<Disk> disks, @Nullable String mac) {
        return new MachineSpec(
                Hypervisor.QEMU,
                2,
                MEMORY,
                new MachineSpec.Kernel(kernel, initrd, "console=ttyS0"),
                disks,
                mac,
                GENERATION);
    }

    static Installed installed(Hypervisor hypervisor, String version, String accelerator) {
        var type = hypervisor == Hypervisor.QEMU ? "pc-q35-7.2" : "microvm";
        return new Installed(hypervisor, "/usr/bin/qemu", version, type, accelerator, 2_400_000);
    }

    static MachineProfile profile() {
        return new MachineProfile(
                Hypervisor.QEMU, "7.2.22", "pc-q35-7.2", "kvm", "x86_64", 2, MEMORY, List.of(ROOT), MAC);
    }
}
