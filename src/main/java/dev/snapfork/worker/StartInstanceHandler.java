package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.instance.InstanceRules;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Boots a stopped instance. Broken off, the machine that was started is ended and another one is booted. */
@ApplicationScoped
class StartInstanceHandler implements Handler<Command.StartInstance> {
    private final PayloadStore store;
    private final Lifecycle lifecycle;
    private final Starts starts;

    StartInstanceHandler(PayloadStore store, Lifecycle lifecycle, Starts starts) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.starts = starts;
    }

    @Override
    public Outcome handle(Command.StartInstance c, Work work) throws IOException, InterruptedException {
        return lifecycle.decide(
                c.instance(),
                current -> InstanceRules.start(current.instance()),
                lifecycle::announce,
                current -> start(current, work),
                work);
    }

    private Outcome start(InstanceManifest current, Work work) throws IOException, InterruptedException {
        var instance = current.instance();
        starts.requireOffered(instance);
        starts.clear(instance.id());
        // by a way that an attempt which has lost its place cannot go
        var way = work.place().way(store.layout().guest(instance.id()));
        var next = lifecycle.running(current, starts.boot(instance, way, work), EventType.INSTANCE_STARTED, work);
        lifecycle.commit(current, next, work);
        return lifecycle.announce(next);
    }

    @Override
    public Outcome giveUp(Command.StartInstance c, Outcome why, Work work) throws IOException {
        return lifecycle.givenUp(
                c.instance(),
                why,
                current -> {
                    if (current.instance().state() != InstanceState.RUNNING) {
                        starts.clear(c.instance());
                    }
                    return why;
                },
                work);
    }
}
