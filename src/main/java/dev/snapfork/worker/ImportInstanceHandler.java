package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.store.Applied;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.ImportDirectory.Resolution;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.MemoryFiles;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Adopts a directory below {@code import/} as an instance, by rename. */
@ApplicationScoped
class ImportInstanceHandler implements Handler<Command.ImportInstance> {
    private final PayloadStore store;
    private final Names names;
    private final Announcer announcer;

    ImportInstanceHandler(PayloadStore store, Names names, Announcer announcer) {
        this.store = store;
        this.names = names;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.ImportInstance c, Work work) throws IOException {
        if (store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>(var made)) {
            store.instances().confirm(c.instance());
            return announce(made);
        }
        return switch (store.imports().resolve(c.directory(), c.state())) {
            case Resolution.Refused(var why) -> new Outcome.Rejected(Refusal.invalidRequest(why));
            case Resolution.Importable importable -> adopt(c, importable, work);
        };
    }

    private Outcome adopt(Command.ImportInstance c, Resolution.Importable importable, Work work) throws IOException {
        if (!names.claim(NameClaims.INSTANCES, c.name(), c.instance().value(), work)) {
            return new Outcome.Rejected(Refusal.conflict("instance name " + c.name() + " is taken"));
        }
        var now = work.now();
        InstanceManifest made;
        try {
            made = InstanceManifest.first(
                    c.instance(),
                    Metadata.imported(
                            importable.existing(),
                            c.instance(),
                            c.name(),
                            c.hypervisor(),
                            c.tags(),
                            c.snapshotPolicy(),
                            store.layout().guest(c.instance()),
                            now),
                    c.state(),
                    MemoryFiles.hasMachineState(importable.directory()),
                    Applied.NOTHING
                            .saying(new LastEvent(EventType.INSTANCE_IMPORTED.wireName(), work.operation(), now, null))
                            .settling(work.operation()));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Refusal.invalidRequest(String.valueOf(e.getMessage())));
        }
        return switch (store.imports().adopt(importable.directory(), made, work.place())) {
            case Commit.Done() -> announce(made);
            case Commit.Gone gone ->
                throw new RefusedException(
                        Refusal.invalidRequest("directory \"" + c.directory() + "\" went away while it was imported"));
            case Commit other -> throw new ContentionException("the new instance is there already");
        };
    }

    @Override
    public Outcome giveUp(Command.ImportInstance c, Outcome why, Work work) throws IOException {
        if (store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>(var made)) {
            announce(made);
            return Failures.unconfirmed(why);
        }
        names.release(c.instance().value(), work);
        return why;
    }

    private Outcome announce(InstanceManifest made) throws DamagedException {
        announcer.announce(made);
        return Outcome.of(made.instance());
    }
}
