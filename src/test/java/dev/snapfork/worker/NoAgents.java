package dev.snapfork.worker;

import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.operation.IdentityReset;
import java.util.List;
import java.util.Map;

/** Guests without agents. */
final class NoAgents implements Agents {
    @Override
    public IdentityReset identify(RunningMachine machine, Persona persona, boolean required) {
        return new IdentityReset(List.of(), Map.of("hostname", "no agent answered"));
    }

    @Override
    public void tellTime(RunningMachine machine) {}

    @Override
    public String newMac() {
        return "02:00:00:00:00:01";
    }
}
