package dev.snapfork.hypervisor;

import dev.snapfork.instance.Hypervisor;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The machine that is wanted.
 *
 * @param vcpus 1 to 64
 * @param memoryBytes a multiple of 2 MiB
 * @param disks in the order of the guest's devices; the first is the root
 * @param mac null for a machine without a network; in lower case, colons between
 * @param generation changes with each fork; shown to guests where the monitor can (vmgenid)
 */
public record MachineSpec(
        Hypervisor hypervisor,
        int vcpus,
        long memoryBytes,
        Kernel kernel,
        List<Disk> disks,
        @Nullable String mac,
        UUID generation) {
    private static final int MOST_VCPUS = 64;
    private static final long GRANULE = 2L << 20;

    public MachineSpec {
        disks = List.copyOf(disks);
        if (vcpus < 1 || vcpus > MOST_VCPUS) {
            throw new IllegalArgumentException("vcpus must be between 1 and " + MOST_VCPUS + ", got " + vcpus);
        }
        if (memoryBytes < GRANULE || memoryBytes % GRANULE != 0) {
            throw new IllegalArgumentException("size must be a multiple of 2MB, got " + memoryBytes + " bytes");
        }
    }

    /**
     * What the monitor boots.
     *
     * @param image absolute path of the kernel
     * @param commandLine for the kernel; may be empty
     */
    public record Kernel(Path image, @Nullable Path initrd, String commandLine) {}

    /**
     * A disk.
     *
     * @param file relative to {@link MachineHome#directory}
     */
    public record Disk(String file, Format format, boolean readonly) {
        public enum Format {
            RAW,
            QCOW2
        }
    }
}
