package dev.snapfork.hypervisor;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A machine that was saved.
 *
 * @param directory what {@link Vmm#save} wrote; only read
 * @param memory raw
 * @param origin the directory that the machine's files were in, where the state may name them by absolute paths: of snapshots that were
 *     taken over. Null for those that were saved here, which name them relative to {@link MachineHome#directory}
 */
public record SavedMachine(
        Path directory,
        MachineProfile profile,
        MemorySource memory,
        @Nullable Path origin) {
    public SavedMachine(Path directory, MachineProfile profile, MemorySource memory) {
        this(directory, profile, memory, null);
    }
}
