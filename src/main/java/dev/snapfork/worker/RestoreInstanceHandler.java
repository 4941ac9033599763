package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.hypervisor.MemorySource;
import dev.snapfork.instance.InstanceRules;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.machine.DamagedStateException;
import dev.snapfork.memory.CorruptMemoryException;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.MemoryFiles;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.StandbyState;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Lets an instance in standby go on. Its machine is made with the saved memory in place, stands still until the record says Running,
 * and goes on only then: until then it can be ended, and what was saved is as it was.
 */
@ApplicationScoped
class RestoreInstanceHandler implements Handler<Command.RestoreInstance> {
    private final PayloadStore store;
    private final Lifecycle lifecycle;
    private final Starts starts;
    private final GoingOn goingOn;
    private final MemoryCodec codec;
    private final Room room;
    private final Faults faults;

    RestoreInstanceHandler(
            PayloadStore store,
            Lifecycle lifecycle,
            Starts starts,
            GoingOn goingOn,
            MemoryCodec codec,
            Room room,
            Faults faults) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.starts = starts;
        this.goingOn = goingOn;
        this.codec = codec;
        this.room = room;
        this.faults = faults;
    }

    @Override
    public Outcome handle(Command.RestoreInstance c, Work work) throws IOException, InterruptedException {
        return lifecycle.decide(
                c.instance(),
                current -> InstanceRules.restore(current.instance()),
                running -> goOn(running, work),
                current -> restore(current, work),
                work);
    }

    private Outcome restore(InstanceManifest current, Work work) throws IOException, InterruptedException {
        var instance = current.instance();
        starts.requireOffered(instance);
        starts.clear(instance.id());
        var guest = store.layout().guest(instance.id());
        var way = work.place().way(guest);
        var found = MemoryFiles.find(guest)
                .orElseThrow(() -> DamagedException.found(instance.id(), "it is in Standby and has no memory"));
        try {
            var memory = memory(found, way, work);
            var state = Objects.requireNonNull(way.resolve(found.path()).getParent());
            var started = starts.load(current, state, memory, way, work);
            var next = lifecycle.running(current, started, EventType.INSTANCE_RESTORED, work);
            lifecycle.commit(current, next, work);
            return goOn(next, work);
        } catch (DamagedStateException e) {
            throw DamagedException.found(instance.id(), String.valueOf(e.getMessage()));
        }
    }

    /** Raw memory is the machine's as it lies; compressed memory is decoded beside it and stays until the machine goes on. */
    private MemorySource memory(MemoryFile found, Path way, Work work) throws IOException {
        if (found.encoding() == Encoding.RAW) {
            return new MemorySource.Own(way.resolve(found.path()));
        }
        var state = new StandbyState(way);
        state.makeLive();
        Files.deleteIfExists(state.liveMemory());
        try (var _ = room.reserve(work, Files.size(way.resolve(found.path())))) {
            codec.decode(way.resolve(found.path()), state.liveMemory(), CodecJobs.of(work, work::ends));
        } catch (CorruptMemoryException e) {
            throw new DamagedStateException(found.path() + " cannot be decoded: " + e.getMessage());
        }
        faults.at(Step.MEMORY_DECODED);
        return new MemorySource.Own(state.liveMemory());
    }

    private Outcome goOn(InstanceManifest committed, Work work) throws IOException, InterruptedException {
        var running = goingOn.goOn(committed, work);
        var state = new StandbyState(store.layout().guest(running.instance().id()));
        state.toLive();
        state.dropSaved();
        return lifecycle.announce(running);
    }

    @Override
    public Outcome giveUp(Command.RestoreInstance c, Outcome why, Work work) throws IOException {
        return lifecycle.givenUp(
                c.instance(),
                why,
                current -> {
                    if (current.instance().state() == InstanceState.STANDBY) {
                        starts.clear(c.instance());
                        new StandbyState(store.layout().guest(c.instance())).dropLive();
                    }
                    return why;
                },
                work);
    }
}
