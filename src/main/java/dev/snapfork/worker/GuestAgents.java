package dev.snapfork.worker;

import dev.snapfork.guest.GuestAgent;
import dev.snapfork.guest.Hostname;
import dev.snapfork.guest.Identity;
import dev.snapfork.guest.MacAddress;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.machine.Machines;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.platform.SnapforkConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The agents themselves, over the sockets that monitors have for them. */
@ApplicationScoped
class GuestAgents implements Agents {
    private static final Duration TIME_LIMIT = Duration.ofMillis(300);
    private static final String NO_CHANNEL = "machines of this kind have no channel to an agent";

    private final Machines machines;
    private final Clock clock;
    private final Duration wait;
    private final Duration requiredWait;
    private final SecureRandom random = new SecureRandom();

    GuestAgents(Machines machines, SnapforkConfig config, Clock clock) {
        this.machines = machines;
        this.clock = clock;
        this.wait = config.machines().agentWait();
        this.requiredWait = config.machines().requiredAgentWait();
    }

    /** The agent listens at a port of virtio-serial, which QEMU has; others have vsock, which it does not know. */
    private Optional<GuestAgent> agent(RunningMachine machine) {
        return switch (machine.profile().hypervisor()) {
            case QEMU, QEMU_MICROVM ->
                machines.agentSocket(machine).map(socket -> new GuestAgent(socket, random, clock));
            case CLOUD_HYPERVISOR, FIRECRACKER, VZ -> Optional.empty();
        };
    }

    @Override
    public IdentityReset identify(RunningMachine machine, Persona persona, boolean required)
            throws InterruptedException {
        var agent = agent(machine);
        if (agent.isEmpty()) {
            return nothing(persona, NO_CHANNEL);
        }
        // an agent that is there is waited for until it has done it: what it did too late would be on record as not
        // done
        if (!required && agent.get().hello(wait).isEmpty()) {
            return nothing(persona, GuestAgent.NO_ANSWER);
        }
        var result = agent.get()
                .identify(
                        new Identity(
                                persona.instance().value(),
                                Hostname.of(persona.hostname()),
                                persona.mac(),
                                persona.generation()),
                        requiredWait);
        return new IdentityReset(result.reset(), result.notReset());
    }

    private static IdentityReset nothing(Persona persona, String reason) {
        var items = Stream.of("entropy", "clock", "hostname", "instance_id");
        var all = persona.mac() == null ? items : Stream.concat(items, Stream.of("mac"));
        return new IdentityReset(List.of(), all.collect(Collectors.toMap(item -> item, item -> reason)));
    }

    @Override
    public void tellTime(RunningMachine machine) throws InterruptedException {
        var agent = agent(machine);
        if (agent.isPresent()) {
            var unused = agent.get().setTime(TIME_LIMIT);
        }
    }

    @Override
    public String newMac() {
        return MacAddress.random(random);
    }
}
