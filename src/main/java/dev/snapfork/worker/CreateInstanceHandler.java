package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.CopyWish;
import dev.snapfork.file.SparseFile;
import dev.snapfork.hypervisor.MachineJson;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.machine.Disks;
import dev.snapfork.machine.Image;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.Applied;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;

/** Makes an instance of an image and boots it, all in staging; it is there when its machine runs. */
@ApplicationScoped
class CreateInstanceHandler implements Handler<Command.CreateInstance> {
    private final PayloadStore store;
    private final Specs specs;
    private final Starts starts;
    private final Names names;
    private final Lifecycle lifecycle;
    private final Room room;
    private final Faults faults;
    private final Hypervisor defaultHypervisor;

    CreateInstanceHandler(
            PayloadStore store,
            Specs specs,
            Starts starts,
            Names names,
            Lifecycle lifecycle,
            Room room,
            Faults faults,
            SnapforkConfig config) {
        this.store = store;
        this.specs = specs;
        this.starts = starts;
        this.names = names;
        this.lifecycle = lifecycle;
        this.room = room;
        this.faults = faults;
        this.defaultHypervisor = Hypervisor.parse(config.machines().defaultHypervisor());
    }

    @Override
    public Outcome handle(Command.CreateInstance c, Work work) throws IOException, InterruptedException {
        if (store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>(var made)) {
            store.instances().confirm(c.instance());
            return lifecycle.announce(made);
        }
        starts.clear(c.instance());
        var image = specs.image(c.machine().image());
        var planned = planned(c, work);
        starts.requireOffered(planned.instance());
        if (!names.claim(NameClaims.INSTANCES, c.name(), c.instance().value(), work)) {
            return new Outcome.Rejected(Refusal.nameConflict("instance name " + c.name() + " is taken"));
        }
        return boot(planned, fill(c, image, work), work);
    }

    /** The instance as it will be, with no machine yet. */
    private InstanceManifest planned(Command.CreateInstance c, Work work) {
        var machine = c.machine();
        try {
            return InstanceManifest.first(
                    c.instance(),
                    Metadata.created(
                            c.instance(),
                            c.name(),
                            machine.hypervisor() == null ? defaultHypervisor : machine.hypervisor(),
                            machine,
                            machine.size() == null
                                    ? Specs.DEFAULT_MEMORY
                                    : machine.size().bytes(),
                            machine.vcpus() == null ? Specs.DEFAULT_VCPUS : machine.vcpus(),
                            store.layout().guest(c.instance()),
                            work.now()),
                    InstanceState.STOPPED,
                    false,
                    Applied.NOTHING);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Refusal.invalidRequest(String.valueOf(e.getMessage())));
        }
    }

    private Path fill(Command.CreateInstance c, Image image, Work work) throws IOException {
        var staged = work.place().fresh("instance");
        faults.at(Step.STAGING_MADE);
        var root = image.rootfs();
        if (root != null) {
            var bytes =
                    store.space().ofCopy(SparseFile.allocatedBytes(root.file().toRealPath()));
            try (var _ = room.reserve(work, bytes)) {
                SparseFile.copy(
                        root.file().toRealPath(),
                        Disks.root(staged, root.format()),
                        EnumSet.of(CopyWish.WRITE_BACK),
                        work::ends);
            }
        }
        if (c.machine().overlaySize() != null) {
            Disks.makeOverlay(staged, c.machine().overlaySize().bytes());
        }
        faults.at(Step.FILES_COPIED);
        return staged;
    }

    private Outcome boot(InstanceManifest planned, Path staged, Work work) throws IOException, InterruptedException {
        var instance = planned.instance();
        var started = starts.boot(instance, staged, work);
        var machine = MachineRecords.in(store.layout().guest(instance.id()), started.machine());
        var made = InstanceManifest.running(
                instance.id(),
                Metadata.running(
                        planned.metadata(), machine.pid(), machine.profile().version(), started.mac(), work.now()),
                MachineJson.write(machine),
                Applied.NOTHING
                        .saying(MachineRecords.event(EventType.INSTANCE_CREATED, work))
                        .settling(work.operation()));
        return switch (store.instances().publishNew(staged, made)) {
            case Commit.Done() -> lifecycle.announce(made);
            case Commit other -> throw new ContentionException("the new instance is there already");
        };
    }

    @Override
    public Outcome giveUp(Command.CreateInstance c, Outcome why, Work work) throws IOException {
        var end = lifecycle.givenUp(c.instance(), why, current -> why, work);
        if (!(store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>)) {
            try {
                starts.clear(c.instance());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Patience.StoppingException();
            }
            names.release(c.instance().value(), work);
        }
        return end;
    }
}
