package dev.snapfork.hypervisor;

import java.nio.file.Path;

/** How saving a machine went. */
public sealed interface Save {
    /**
     * The machine is saved, and still paused.
     *
     * @param profile how it is to be loaded
     * @param memory the raw memory file: in the directory, or {@link MachineHome#memory} if it was to be left and could be
     */
    record Saved(MachineProfile profile, Path memory) implements Save {}

    /**
     * Nothing usable was saved.
     *
     * @param machine how the machine is now
     */
    record Failed(String message, MachineStatus machine) implements Save {}
}
