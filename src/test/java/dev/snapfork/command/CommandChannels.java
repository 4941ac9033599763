package dev.snapfork.command;

import dev.snapfork.trace.Traces;
import io.smallrye.reactive.messaging.MutinyEmitter;

/** A publisher that writes to channels which a test gives it. */
public final class CommandChannels {
    private CommandChannels() {}

    public static CommandPublisher publisher(MutinyEmitter<byte[]> commands, MutinyEmitter<byte[]> compressions) {
        return new CommandPublisher(commands, compressions, compressions, Traces.OFF);
    }
}
