package dev.snapfork.command;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * Writes commands to the log. Compressing goes to a log of its own, and so does verifying: each takes minutes, and a backlog of it
 * must not stand before forks and restores, nor before the other.
 */
@ApplicationScoped
public class CommandPublisher {
    private static final int MOST_WAITING = 4096;

    private final MutinyEmitter<byte[]> commands;
    private final MutinyEmitter<byte[]> compressions;
    private final MutinyEmitter<byte[]> verifications;

    CommandPublisher(
            @Channel("commands-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    MutinyEmitter<byte[]> commands,
            @Channel("compressions-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    MutinyEmitter<byte[]> compressions,
            @Channel("verifications-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    MutinyEmitter<byte[]> verifications) {
        this.commands = commands;
        this.compressions = compressions;
        this.verifications = verifications;
    }

    /**
     * Completes when the brokers have the command for good. On a failure it is not known whether they have it: publishing the
     * same envelope again does no harm.
     */
    public Uni<Void> publish(CommandEnvelope envelope) {
        var emitter =
                switch (envelope.command()) {
                    case Command.CompressSnapshot c -> compressions;
                    case Command.VerifySnapshot c -> verifications;
                    case Command.ImportInstance c -> commands;
                    case Command.DeleteInstance c -> commands;
                    case Command.CreateSnapshot c -> commands;
                    case Command.RestoreSnapshot c -> commands;
                    case Command.ForkSnapshot c -> commands;
                    case Command.DeleteSnapshot c -> commands;
                    case Command.SetSchedule c -> commands;
                    case Command.DeleteSchedule c -> commands;
                    case Command.RunSchedule c -> commands;
                };
        var record = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(envelope.command().key())
                .withHeaders(CommandCodec.attributes(envelope).headers())
                .build();
        return Uni.createFrom()
                .deferred(() -> emitter.sendMessage(Message.of(CommandCodec.data(envelope), Metadata.of(record))))
                .replaceWithVoid();
    }
}
