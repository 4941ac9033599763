package dev.snapfork.machine;

import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineSpec.Disk.Format;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What machines of one kind are booted from. Shared by all of them, and only read.
 *
 * @param rootfs null where the machine needs no disk beside its initrd
 */
public record Image(MachineSpec.Kernel kernel, @Nullable Rootfs rootfs) {
    /** The disk that each machine gets a copy of. */
    public record Rootfs(Path file, Format format) {}
}
