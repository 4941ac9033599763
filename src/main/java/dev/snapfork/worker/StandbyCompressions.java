package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.CommandPublisher;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Asks for the memory of instances in standby to be compressed when it is time. That it is to be is in the instance's record, so that a
 * worker which starts later knows of it; who knows of it asks, and whoever asks asks for the same command.
 */
@ApplicationScoped
class StandbyCompressions {
    private static final Logger LOG = Logger.getLogger(StandbyCompressions.class);

    private final PayloadStore store;
    private final CommandPublisher commands;
    private final Patience patience;
    private final Clock clock;
    private final Map<InstanceId, Instant> due = new ConcurrentHashMap<>();

    StandbyCompressions(PayloadStore store, CommandPublisher commands, Patience patience, Clock clock) {
        this.store = store;
        this.commands = commands;
        this.patience = patience;
        this.clock = clock;
    }

    /** Remembers when the instance's memory is to be compressed, if it is; asks at once if it is time. */
    void note(InstanceManifest manifest) {
        var pending = manifest.pendingCompression();
        var id = manifest.instance().id();
        if (pending == null || manifest.instance().state() != InstanceState.STANDBY) {
            due.remove(id);
        } else if (pending.notBefore().isAfter(clock.instant())) {
            due.put(id, pending.notBefore());
        } else {
            ask(manifest);
        }
    }

    /** Asks for those whose time has come. */
    void look() {
        var now = clock.instant();
        for (var entry : Map.copyOf(due).entrySet()) {
            if (!entry.getValue().isAfter(now)) {
                try {
                    if (store.instances().find(entry.getKey()) instanceof Found.Present<InstanceManifest>(var found)) {
                        note(found);
                    }
                    due.remove(entry.getKey(), entry.getValue());
                } catch (IOException e) {
                    LOG.warnf("looked at again later: instance=%s reason=%s", entry.getKey(), e.toString());
                }
            }
        }
    }

    private void ask(InstanceManifest manifest) {
        var pending = manifest.pendingCompression();
        if (pending == null) {
            return;
        }
        var instance = manifest.instance();
        var id = Cuid.derived(instance.id() + "/" + instance.version() + "/compress");
        patience.insist(
                "publish a compress command",
                commands.publish(new CommandEnvelope(
                        new OperationId(id),
                        clock.instant().truncatedTo(ChronoUnit.MICROS),
                        new Command.CompressStandby(instance.id(), instance.version(), pending.compression()))),
                () -> {});
    }
}
