package dev.snapfork.worker;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.hypervisor.MachineJson;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MemorySource;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.instance.IdentityWish;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.machine.Machines;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.store.InstanceManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts the machines of instances. Whoever asks has ended what earlier attempts started ({@link #clear}), and writes down what is
 * returned; until then nobody but its label knows the machine, and {@link #clear} ends it.
 */
@ApplicationScoped
class Starts {
    private static final String GUEST_BOOTS = "the guest boots, and its disk says so";

    private final Machines machines;
    private final Specs specs;
    private final Agents agents;
    private final Faults faults;

    Starts(Machines machines, Specs specs, Agents agents, Faults faults) {
        this.machines = machines;
        this.specs = specs;
        this.agents = agents;
        this.faults = faults;
    }

    /**
     * A machine that was started.
     *
     * @param mac of its network, as far as that is known
     * @param identity of a fork
     */
    record Started(
            RunningMachine machine,
            @Nullable String mac,
            @Nullable IdentityReset identity) {}

    /** Ends what attempts that died have started for an instance that does not run. */
    void clear(InstanceId instance) throws IOException, InterruptedException {
        machines.endOthers(instance, null);
    }

    /** @throws RefusedException if no machine of that kind can run here */
    void requireOffered(Instance instance) throws InterruptedException {
        machines.refusal(instance.hypervisor()).ifPresent(refusal -> {
            throw new RefusedException(refusal);
        });
    }

    /** Boots the instance from its disks. */
    Started boot(Instance instance, Path directory, Work work) throws IOException, InterruptedException {
        var mac = hasNetwork(instance) ? known(instance) == null ? agents.newMac() : known(instance) : null;
        var spec = specs.of(instance, directory, mac, work.operation());
        var machine = machines.boot(request(instance, work), spec, directory);
        faults.at(Step.MACHINE_STARTED);
        return new Started(machine, mac, null);
    }

    /** What booting makes of a fork's identity: what the guest reads from its disk is as it was. */
    static IdentityReset identityOfBooted(@Nullable String mac) {
        return new IdentityReset(
                mac == null ? List.of("entropy", "clock") : List.of("mac", "entropy", "clock"),
                Map.of("hostname", GUEST_BOOTS, "instance_id", GUEST_BOOTS));
    }

    /**
     * Makes the machine of what was saved; it stands still.
     *
     * @param metadata of the instance, which says what its machine was where the state does not
     * @param state the directory with the device state
     * @param directory the instance's
     */
    Started load(InstanceManifest metadata, Path state, MemorySource memory, Path directory, Work work)
            throws IOException, InterruptedException {
        var instance = metadata.instance();
        var profile = MachineJson.profile(state);
        var mac = profile == null ? known(instance) : profile.mac();
        var spec = specs.of(instance, directory, mac, work.operation());
        var machine = machines.load(
                request(instance, work),
                new SavedMachine(state, profile == null ? byMetadata(metadata, spec) : profile, memory),
                spec,
                directory);
        faults.at(Step.MACHINE_STARTED);
        // the agent of a fork has given it another address than its device was made with, and the guest still has that
        // one
        return new Started(machine, known(instance) == null ? mac : known(instance), null);
    }

    /** Of what another daemon has saved, the record says the version. */
    private static MachineProfile byMetadata(InstanceManifest manifest, MachineSpec spec) {
        var version = manifest.metadata().path("HypervisorVersion").asText("");
        return new MachineProfile(
                spec.hypervisor(),
                version.startsWith("v") ? version.substring(1) : version,
                "",
                "",
                "",
                spec.vcpus(),
                spec.memoryBytes(),
                spec.disks(),
                spec.mac());
    }

    /** Lets a machine that was loaded go on, as what it was. */
    void goOn(RunningMachine machine) throws IOException, InterruptedException {
        machines.resume(machine);
        faults.at(Step.MACHINE_RESUMED);
    }

    /**
     * Lets a fork that was loaded go on as a machine of its own.
     *
     * @throws RefusedException if it must be one in all respects and is not; it has been ended then
     */
    Started goOnAsAnother(Started started, Instance fork, @Nullable IdentityWish wish, Work work)
            throws IOException, InterruptedException {
        goOn(started.machine());
        var required = wish == IdentityWish.REQUIRED;
        var persona = new Agents.Persona(
                fork.id(),
                fork.name(),
                started.mac() == null ? null : agents.newMac(),
                Specs.generation(work.operation()));
        var identity = agents.identify(started.machine(), persona, required);
        if (required && !identity.notReset().isEmpty()) {
            clear(fork.id());
            throw new RefusedException(Refusal.conflict("the guest did not become a machine of its own: "
                    + identity.notReset().entrySet().stream()
                            .map(item -> item.getKey() + " (" + item.getValue() + ")")
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + "; have it run the guest agent, or leave identity out"));
        }
        faults.at(Step.GUEST_IDENTIFIED);
        return new Started(started.machine(), identity.reset().contains("mac") ? persona.mac() : null, identity);
    }

    private static Machines.Request request(Instance instance, Work work) {
        return new Machines.Request(instance.id(), work.operation());
    }

    private static boolean hasNetwork(Instance instance) {
        return instance.network() != null && instance.network().enabled();
    }

    private static @Nullable String known(Instance instance) {
        return instance.network() == null ? null : instance.network().mac();
    }
}
