package dev.snapfork.worker;

import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.IdentityReset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The agents in guests, as far as forks need them. What an agent does not do is a value, never an exception. */
interface Agents {
    /**
     * What makes a fork a machine of its own.
     *
     * @param mac null if it has no network
     */
    record Persona(
            InstanceId instance, String hostname, @Nullable String mac, UUID generation) {}

    /** Waits for the agent for a bounded time, longer if the fork is not to run without it. */
    IdentityReset identify(RunningMachine machine, Persona persona, boolean required) throws InterruptedException;

    /** Sets the guest's clock, if an agent answers at once. */
    void tellTime(RunningMachine machine) throws InterruptedException;

    /** A new address for a network card, of those that anybody may give. */
    String newMac();
}
