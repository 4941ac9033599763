package dev.snapfork.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.event.EventType;
import dev.snapfork.hypervisor.MachineJson;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.IdentityWish;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.machine.Machines;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.operation.Particulars;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.Applied;
import dev.snapfork.store.Commit;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * New instances whose machines run. The machine is started in staging, and becomes an instance by the rename that every new
 * instance becomes one by; until then it is its label alone that it can be found and ended by.
 */
@ApplicationScoped
class Incarnations {
    private final PayloadStore store;
    private final Machines machines;
    private final Materializer materializer;
    private final SavedMachines saved;
    private final Starts starts;
    private final Retargeting retargeting;
    private final Announcer announcer;

    Incarnations(
            PayloadStore store,
            Machines machines,
            Materializer materializer,
            SavedMachines saved,
            Starts starts,
            Retargeting retargeting,
            Announcer announcer) {
        this.store = store;
        this.machines = machines;
        this.materializer = materializer;
        this.saved = saved;
        this.starts = starts;
        this.retargeting = retargeting;
        this.announcer = announcer;
    }

    /**
     * Who comes into being.
     *
     * @param about what it was made of, for the event
     */
    record Birth(
            InstanceId id,
            String name,
            EventType event,
            String about,
            @Nullable IdentityWish identity) {}

    Set<Hypervisor> offered() throws InterruptedException {
        return machines.offered();
    }

    /** A fork of a machine that was saved running. */
    Outcome ofSaved(SnapshotId snapshot, Birth birth, Work work) throws IOException, InterruptedException {
        starts.clear(birth.id());
        return saved.make(snapshot, work, parts -> {
            var planned = planned(
                    birth,
                    Metadata.forked(
                            parts.source().storedMetadata(),
                            birth.id(),
                            birth.name(),
                            store.layout().guest(birth.id()),
                            work.now()));
            var started = starts.load(planned, parts.state(), parts.memory(), parts.directory(), work);
            var other = starts.goOnAsAnother(started, planned.instance(), birth.identity(), work);
            return publish(planned, birth, parts.directory(), other, null, work);
        });
    }

    /** A fork of a machine's disks, which is booted. */
    Outcome ofDisks(SnapshotId snapshot, Birth birth, @Nullable Hypervisor hypervisor, Work work)
            throws IOException, InterruptedException {
        starts.clear(birth.id());
        var staged = materializer.materialize(snapshot, TargetState.STOPPED, work);
        var metadata = retargeting.apply(
                Metadata.forked(
                        staged.source().storedMetadata(),
                        birth.id(),
                        birth.name(),
                        store.layout().guest(birth.id()),
                        work.now()),
                hypervisor,
                staged.directory(),
                work);
        return boot(planned(birth, metadata), birth, staged.directory(), work);
    }

    /** Boots an instance whose disks lie in a staged directory, and makes it one. */
    Outcome boot(InstanceManifest planned, Birth birth, Path staged, Work work)
            throws IOException, InterruptedException {
        starts.requireOffered(planned.instance());
        var started = starts.boot(planned.instance(), staged, work);
        var identified = new Starts.Started(started.machine(), started.mac(), Starts.identityOfBooted(started.mac()));
        return publish(planned, birth, staged, identified, null, work);
    }

    /** The instance as it will be, with no machine yet. */
    static InstanceManifest planned(Birth birth, ObjectNode metadata) {
        return InstanceManifest.first(birth.id(), metadata, InstanceState.STOPPED, false, Applied.NOTHING);
    }

    /** @param pausedMillis of the source, if it had to stand still */
    Outcome publish(
            InstanceManifest planned,
            Birth birth,
            Path staged,
            Starts.Started started,
            @Nullable Long pausedMillis,
            Work work)
            throws IOException {
        var machine = MachineRecords.in(store.layout().guest(birth.id()), started.machine());
        var identity = started.identity() == null ? IdentityReset.NOTHING : started.identity();
        var made = InstanceManifest.running(
                birth.id(),
                Metadata.running(
                        planned.metadata(), machine.pid(), machine.profile().version(), started.mac(), work.now()),
                MachineJson.write(machine),
                Applied.NOTHING
                        .saying(MachineRecords.event(
                                birth.event(), work, birth.about(), new Particulars(pausedMillis, identity)))
                        .settling(work.operation()));
        return switch (store.instances().publishNew(staged, made)) {
            case Commit.Done() -> {
                announcer.announce(made);
                yield Outcome.of(made);
            }
            case Commit other -> throw new ContentionException("the new instance is there already");
        };
    }

    /** Ends what was started for an instance that does not come into being. */
    void undo(InstanceId id) throws IOException {
        try {
            starts.clear(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Patience.StoppingException();
        }
    }
}
