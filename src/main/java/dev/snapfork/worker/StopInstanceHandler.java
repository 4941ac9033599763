package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.instance.InstanceRules;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.machine.Machines;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.StandbyState;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Shuts a machine down. Broken off, it is shut down further, and found to be if it has. */
@ApplicationScoped
class StopInstanceHandler implements Handler<Command.StopInstance> {
    private final PayloadStore store;
    private final Lifecycle lifecycle;
    private final Machines machines;
    private final Faults faults;

    StopInstanceHandler(PayloadStore store, Lifecycle lifecycle, Machines machines, Faults faults) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.machines = machines;
        this.faults = faults;
    }

    @Override
    public Outcome handle(Command.StopInstance c, Work work) throws IOException, InterruptedException {
        return lifecycle.decide(
                c.instance(),
                current -> InstanceRules.stop(current.instance()),
                lifecycle::announce,
                current -> stop(current, work),
                work);
    }

    private Outcome stop(InstanceManifest current, Work work) throws IOException, InterruptedException {
        var id = current.instance().id();
        machines.stop(id, MachineRecords.required(current));
        faults.at(Step.MACHINE_ENDED);
        var next = current.next(
                Metadata.ended(current.metadata(), work.now()),
                InstanceState.STOPPED,
                null,
                false,
                null,
                current.applied()
                        .saying(MachineRecords.event(EventType.INSTANCE_STOPPED, work))
                        .settling(work.operation()));
        lifecycle.commit(current, next, work);
        new StandbyState(store.layout().guest(id)).dropLive();
        return lifecycle.announce(next);
    }

    @Override
    public Outcome giveUp(Command.StopInstance c, Outcome why, Work work) throws IOException {
        return lifecycle.givenUp(c.instance(), why, current -> why, work);
    }
}
