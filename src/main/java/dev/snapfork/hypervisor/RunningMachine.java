package dev.snapfork.hypervisor;

/**
 * A machine that was started, in a form that outlives the service. Its process is known by number and start, so that another
 * that has the number later is not taken for it.
 *
 * @param pid of the monitor
 * @param startTicks when the process was started, in clock ticks since the host was
 * @param boot which start of the host that was (the kernel's boot_id)
 * @param ownMemory whether it has a memory file of its own at {@link MachineHome#memory}; else its memory is private to it
 */
public record RunningMachine(
        long pid, long startTicks, String boot, boolean ownMemory, MachineProfile profile, MachineHome home) {}
