package dev.snapfork.command;

import dev.snapfork.event.Emitters;
import dev.snapfork.trace.Traces;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/** A command log in memory, which workers of one test share. */
public class RecordedCommands extends CommandPublisher {
    private final List<CommandEnvelope> commands = new ArrayList<>();

    public RecordedCommands() {
        super(Emitters.unused(), Emitters.unused(), Emitters.unused(), Traces.OFF);
    }

    @Override
    public Uni<Void> publish(CommandEnvelope envelope) {
        return Uni.createFrom().item(() -> {
            synchronized (commands) {
                commands.add(envelope);
            }
            return null;
        });
    }

    /** Everything that was published, repetitions included. */
    public List<CommandEnvelope> all() {
        synchronized (commands) {
            return List.copyOf(commands);
        }
    }
}
