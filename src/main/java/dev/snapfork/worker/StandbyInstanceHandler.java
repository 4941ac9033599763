package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.Durable;
import dev.snapfork.hypervisor.MachineJson;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceRules;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.machine.Machines;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Layout;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.PendingCompression;
import dev.snapfork.store.StandbyState;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Saves a machine and ends it. Its memory is not moved: it is renamed, while the monitor has it open. The machine is paused from the
 * beginning until its record says Standby, and ended only then; until then it can go on as if nothing had been.
 */
@ApplicationScoped
class StandbyInstanceHandler implements Handler<Command.StandbyInstance> {
    private final PayloadStore store;
    private final Lifecycle lifecycle;
    private final Machines machines;
    private final LiveCapture captures;
    private final StandbyCompressions compressions;
    private final Faults faults;
    private final @Nullable CompressionConfig serverDefault;

    StandbyInstanceHandler(
            PayloadStore store,
            Lifecycle lifecycle,
            Machines machines,
            LiveCapture captures,
            StandbyCompressions compressions,
            Faults faults,
            SnapforkConfig config) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.machines = machines;
        this.captures = captures;
        this.compressions = compressions;
        this.faults = faults;
        this.serverDefault = ServerDefaults.compression(config.compression());
    }

    @Override
    public Outcome handle(Command.StandbyInstance c, Work work) throws IOException, InterruptedException {
        var options = c.compression() != null || c.compressionDelay() != null;
        return lifecycle.decide(
                c.instance(),
                current -> InstanceRules.standby(current.instance(), options),
                this::finish,
                current -> standby(c, current, work),
                work);
    }

    private Outcome standby(Command.StandbyInstance c, InstanceManifest current, Work work)
            throws IOException, InterruptedException {
        var guest = store.layout().guest(c.instance());
        var machine = MachineRecords.required(current);
        var way = new StandbyState(work.place().way(guest));
        way.toLive();
        var staged = work.place().fresh("latest");
        machines.pause(machine);
        faults.at(Step.MACHINE_PAUSED);
        save(machine, way, staged);
        Durable.fsyncTree(
                guest,
                directory ->
                        directory.equals(guest.resolve(Layout.LIVE)) || directory.equals(guest.resolve("snapshots")));
        way.install(staged);
        faults.at(Step.STAGED);
        var next = current.next(
                Metadata.pending(Metadata.ended(current.metadata(), work.now()), pending(c, current.instance(), work)),
                InstanceState.STANDBY,
                null,
                true,
                null,
                current.applied()
                        .saying(MachineRecords.event(EventType.INSTANCE_STANDBY, work))
                        .settling(work.operation()));
        lifecycle.commit(current, next, work);
        return finish(next);
    }

    private void save(RunningMachine machine, StandbyState way, Path staged) throws IOException, InterruptedException {
        var saved = machines.save(machine, staged, MemoryWish.LEAVE);
        faults.at(Step.MACHINE_SAVED);
        MachineJson.write(saved.profile(), staged);
        if (saved.memory().equals(machine.home().memory())) {
            Durable.move(way.liveMemory(), staged.resolve(saved.memory().getFileName()));
        }
    }

    /** Of request, instance's policy and server's default the first that says something about compressing, and about the delay. */
    private @Nullable PendingCompression pending(Command.StandbyInstance c, Instance instance, Work work) {
        var policy = instance.snapshotPolicy();
        var wanted = c.compression() != null
                ? c.compression()
                : policy != null && policy.compression() != null ? policy.compression() : serverDefault;
        if (wanted == null || !wanted.enabled()) {
            return null;
        }
        var delay = c.compressionDelay() != null
                ? c.compressionDelay().value()
                : policy != null && policy.standbyCompressionDelay() != null
                        ? policy.standbyCompressionDelay().value()
                        : Duration.ZERO;
        return new PendingCompression(work.now().plus(delay), wanted.resolved());
    }

    /** The record says Standby: what is left of the machine may go. */
    private Outcome finish(InstanceManifest saved) throws IOException, InterruptedException {
        machines.endOthers(saved.instance().id(), null);
        faults.at(Step.MACHINE_ENDED);
        new StandbyState(store.layout().guest(saved.instance().id())).dropLive();
        var outcome = lifecycle.announce(saved);
        compressions.note(saved);
        return outcome;
    }

    @Override
    public Outcome giveUp(Command.StandbyInstance c, Outcome why, Work work) throws IOException {
        return lifecycle.givenUp(
                c.instance(),
                why,
                current -> {
                    captures.letGoOn(current);
                    return why;
                },
                work);
    }
}
