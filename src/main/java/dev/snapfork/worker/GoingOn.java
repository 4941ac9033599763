package dev.snapfork.worker;

import dev.snapfork.event.EventType;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Particulars;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Metadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Lets machines go on whose records say Running already. One that was forked into standby is still what it was forked from: it becomes
 * a machine of its own here, the first time that it goes on.
 */
@ApplicationScoped
class GoingOn {
    private static final int MAC_OCTETS = 6;
    private static final byte LOCALLY_ADMINISTERED = 0x02;

    private final Lifecycle lifecycle;
    private final Starts starts;
    private final Agents agents;

    GoingOn(Lifecycle lifecycle, Starts starts, Agents agents) {
        this.lifecycle = lifecycle;
        this.starts = starts;
        this.agents = agents;
    }

    /**
     * Lets it go on. Done again after a crash, it changes nothing that has been changed.
     *
     * @return the record as it is then: another version, if the machine was told who it is
     */
    InstanceManifest goOn(InstanceManifest running, Work work) throws IOException, InterruptedException {
        var machine = MachineRecords.required(running);
        starts.goOn(machine);
        if (!Metadata.isIdentityDue(running.metadata())) {
            agents.tellTime(machine);
            return running;
        }
        var unused = lifecycle.announce(running);
        return identified(running, machine, work);
    }

    private InstanceManifest identified(InstanceManifest running, RunningMachine machine, Work work)
            throws IOException, InterruptedException {
        var instance = running.instance();
        var generation = Specs.generation(work.operation());
        var persona = new Agents.Persona(
                instance.id(), instance.name(), machine.profile().mac() == null ? null : mac(generation), generation);
        var identity = agents.identify(machine, persona, false);
        var next = running.next(
                Metadata.identified(running.metadata(), identity.reset().contains("mac") ? persona.mac() : null),
                InstanceState.RUNNING,
                null,
                false,
                running.machine(),
                running.applied()
                        .saying(MachineRecords.event(
                                EventType.INSTANCE_IDENTIFIED, work, null, new Particulars(null, identity))));
        lifecycle.commit(running, next, work);
        return next;
    }

    /** The same for the same operation: an agent that is told a generation twice does nothing the second time. */
    private static String mac(UUID generation) {
        var octets = new byte[MAC_OCTETS];
        for (var i = 1; i < MAC_OCTETS; i++) {
            octets[i] = (byte) (generation.getLeastSignificantBits() >>> (Byte.SIZE * i));
        }
        octets[0] = LOCALLY_ADMINISTERED;
        return HexFormat.ofDelimiter(":").formatHex(octets);
    }
}
