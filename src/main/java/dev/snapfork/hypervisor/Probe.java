package dev.snapfork.hypervisor;

import java.util.List;

/** What is installed of a monitor. */
public sealed interface Probe {
    /**
     * Machines can be run.
     *
     * @param machineTypes that are offered, without aliases; the first is the one for new machines
     * @param accelerator what new machines run with
     */
    record Available(String version, List<String> machineTypes, String accelerator, String architecture)
            implements Probe {
        public Available {
            machineTypes = List.copyOf(machineTypes);
        }
    }

    /**
     * None can.
     *
     * @param reason what is missing, and how to get it
     */
    record Unavailable(String reason) implements Probe {}
}
