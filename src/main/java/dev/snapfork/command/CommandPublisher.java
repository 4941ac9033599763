package dev.snapfork.command;

import dev.snapfork.log.Topics;
import dev.snapfork.trace.LogLabels;
import dev.snapfork.trace.Traces;
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
    private final Traces traces;

    CommandPublisher(
            @Channel("commands-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    MutinyEmitter<byte[]> commands,
            @Channel("compressions-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    MutinyEmitter<byte[]> compressions,
            @Channel("verifications-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    MutinyEmitter<byte[]> verifications,
            Traces traces) {
        this.commands = commands;
        this.compressions = compressions;
        this.verifications = verifications;
        this.traces = traces;
    }

    /**
     * Completes when the brokers have the command for good. On a failure it is not known whether they have it: publishing the
     * same envelope again does no harm.
     */
    public Uni<Void> publish(CommandEnvelope envelope) {
        var topic =
                switch (envelope.command()) {
                    case Command.CompressSnapshot c -> Topics.COMPRESSIONS;
                    case Command.CompressStandby c -> Topics.COMPRESSIONS;
                    case Command.VerifySnapshot c -> Topics.VERIFICATIONS;
                    case Command.ImportInstance c -> Topics.COMMANDS;
                    case Command.DeleteInstance c -> Topics.COMMANDS;
                    case Command.CreateInstance c -> Topics.COMMANDS;
                    case Command.StartInstance c -> Topics.COMMANDS;
                    case Command.StopInstance c -> Topics.COMMANDS;
                    case Command.StandbyInstance c -> Topics.COMMANDS;
                    case Command.RestoreInstance c -> Topics.COMMANDS;
                    case Command.ForkInstance c -> Topics.COMMANDS;
                    case Command.CreateSnapshot c -> Topics.COMMANDS;
                    case Command.RestoreSnapshot c -> Topics.COMMANDS;
                    case Command.ForkSnapshot c -> Topics.COMMANDS;
                    case Command.DeleteSnapshot c -> Topics.COMMANDS;
                    case Command.SetSchedule c -> Topics.COMMANDS;
                    case Command.DeleteSchedule c -> Topics.COMMANDS;
                    case Command.RunSchedule c -> Topics.COMMANDS;
                };
        var attributes = CommandCodec.attributes(envelope);
        var headers = attributes.headers();
        var hop = traces.sendsCommand(topic, attributes.type(), attributes.id());
        hop.writeTo(headers, Traces.TRACEPARENT);
        LogLabels.writeTo(headers);
        var record = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(envelope.command().key())
                .withHeaders(headers)
                .build();
        return hop.until(Uni.createFrom()
                .deferred(
                        () -> emitter(topic).sendMessage(Message.of(CommandCodec.data(envelope), Metadata.of(record))))
                .replaceWithVoid());
    }

    private MutinyEmitter<byte[]> emitter(String topic) {
        return switch (topic) {
            case Topics.COMPRESSIONS -> compressions;
            case Topics.VERIFICATIONS -> verifications;
            default -> commands;
        };
    }
}
