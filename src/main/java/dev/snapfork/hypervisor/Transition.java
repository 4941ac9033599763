package dev.snapfork.hypervisor;

/** How a change of a machine went. */
public sealed interface Transition {
    record Done() implements Transition {}

    /**
     * The monitor refused or did not answer.
     *
     * @param message for the caller: what happened, in the monitor's own words where it has any
     * @param machine how the machine is now
     */
    record Failed(String message, MachineStatus machine) implements Transition {}
}
