package dev.snapfork.hypervisor;

import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A kind of virtual machine monitor on this host. Machines are processes of their own: they outlive the service, and whoever
 * has a {@link RunningMachine}, in this process or a later one, can go on with it.
 *
 * <p>What a monitor refuses or fails at is a value that says what runs afterwards. An {@link IOException} is the host's: the disk,
 * or a process that could not be started. Each call ends within the deadlines that the driver was made with. Calls about one
 * machine come one at a time; another process may have been killed in the middle of one.
 */
public interface Vmm {
    Hypervisor hypervisor();

    /** What is installed here. Asks the monitor itself, which takes a while the first time; the answer is kept. */
    Probe probe() throws InterruptedException;

    /**
     * Boots a new machine, with memory of zeros in {@link MachineHome#memory}, a file of the machine's own.
     *
     * @return when the monitor says that the guest's processors run; nothing runs if it is not {@link Launch.Launched}
     */
    Launch boot(MachineSpec spec, MachineHome home) throws IOException, InterruptedException;

    /**
     * Makes a machine of what was saved; it stands still until {@link #resume}.
     *
     * <p>Before anything is started: the state and the memory are there in the size that they were saved in, and this host's
     * monitor is one that can read them. {@link MemorySource.Shared} is mapped privately and not written to, whatever the machine does.
     *
     * @param spec the machine as it is to be; has the devices that were saved, in that order
     * @return nothing runs if it is not {@link Launch.Launched}
     */
    Launch load(SavedMachine saved, MachineSpec spec, MachineHome home) throws IOException, InterruptedException;

    /** What has become of the machine. Never fails: what does not answer is {@link MachineStatus#SILENT}. */
    MachineStatus status(RunningMachine machine) throws InterruptedException;

    /** Stops the guest's processors; what it had handed to its disks is in their files then. Done already is done. */
    Transition pause(RunningMachine machine) throws InterruptedException;

    /**
     * Saves a paused machine: device state, and memory as {@code wish} says, in {@code directory}; nothing is synced. The machine
     * stays paused. That it stood still all the while is certain: if anybody let it go on meanwhile, this fails.
     *
     * @param directory is there and empty
     */
    Save save(RunningMachine machine, Path directory, MemoryWish wish) throws IOException, InterruptedException;

    /** Lets the guest's processors go on, whatever it was paused for and whoever paused it. Done already is done. */
    Transition resume(RunningMachine machine) throws InterruptedException;

    /**
     * Asks the guest to shut down, and ends the monitor when it has, or when {@code grace} is over.
     *
     * @return when the process has ended; {@link Transition.Failed} if it has not
     */
    Transition stop(RunningMachine machine, Duration grace) throws InterruptedException;

    /** Ends the monitor at once, as power that is cut. Nothing of the machine's process is left when this returns Done. */
    Transition kill(RunningMachine machine) throws InterruptedException;

    /** The host's end of the guest agent's channel; empty where machines of this kind have none. */
    Optional<Path> agentSocket(RunningMachine machine);
}
