package dev.snapfork.worker;

import dev.snapfork.event.EventType;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.machine.Machines;
import dev.snapfork.operation.Particulars;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Looks whether machines still run. One whose process is gone in two looks, with nothing else changed in between, has died: its
 * instance is Stopped then, and says why. Two looks, since whoever ends a machine on purpose writes that down right after. What those
 * that run have printed is kept within bounds.
 */
@ApplicationScoped
class MachineWatch {
    private static final Logger LOG = Logger.getLogger(MachineWatch.class);
    private static final String DIED =
            "the machine's process is gone: its guest shut down, it was ended from outside, or the host was restarted";

    private final PayloadStore store;
    private final Machines machines;
    private final Announcer announcer;
    private final Clock clock;
    private final Set<InstanceId> running = ConcurrentHashMap.newKeySet();
    private final Map<InstanceId, Long> goneIn = new HashMap<>();

    MachineWatch(PayloadStore store, Machines machines, Announcer announcer, Clock clock) {
        this.store = store;
        this.machines = machines;
        this.announcer = announcer;
        this.clock = clock;
    }

    /** Has the instance looked at from now on, for as long as it runs. */
    void note(InstanceManifest manifest) {
        if (manifest.instance().state() == InstanceState.RUNNING) {
            running.add(manifest.instance().id());
        }
    }

    /** One look at all of them: those that were noted, and those that somebody has started on this host since. */
    void look() throws IOException, InterruptedException {
        running.addAll(machines.instances());
        for (var id : Set.copyOf(running)) {
            try {
                look(id);
            } catch (IOException e) {
                LOG.warnf("looked at again later: instance=%s reason=%s", id, e.toString());
            }
        }
    }

    private void look(InstanceId id) throws IOException, InterruptedException {
        if (!(store.instances().find(id) instanceof Found.Present<InstanceManifest>(var current))
                || current.instance().state() != InstanceState.RUNNING) {
            running.remove(id);
            goneIn.remove(id);
            return;
        }
        var machine = MachineRecords.required(current);
        if (machines.status(machine) != MachineStatus.GONE) {
            goneIn.remove(id);
            machines.boundLogs(id, store.layout().guest(id));
        } else if (Long.valueOf(current.version()).equals(goneIn.put(id, current.version()))) {
            died(current, machine);
        }
    }

    private void died(InstanceManifest current, RunningMachine machine) throws IOException, InterruptedException {
        var id = current.instance().id();
        announcer.announce(current);
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var next = current.next(
                Metadata.ended(current.metadata(), now),
                InstanceState.STOPPED,
                DIED,
                false,
                null,
                current.applied()
                        .saying(new LastEvent(EventType.INSTANCE_DIED.wireName(), null, now, null, Particulars.NONE)));
        if (store.instances().replaceManifest(current.version(), next) instanceof Commit.Done) {
            machines.endOthers(id, null);
            announcer.announce(next);
            LOG.warnf("a machine died: instance=%s pid=%d", id, machine.pid());
        }
        running.remove(id);
        goneIn.remove(id);
    }
}
