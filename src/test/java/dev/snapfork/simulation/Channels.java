package dev.snapfork.simulation;

import dev.snapfork.command.CommandChannels;
import dev.snapfork.command.CommandPublisher;
import dev.snapfork.event.EventKey;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.event.Publishers;
import dev.snapfork.log.Topics;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Message;

/** The service's own publishers, whose records go over the network into the logs. */
public final class Channels {
    private final Scheduler scheduler;
    private final Network network;
    private final Log log;

    Channels(Scheduler scheduler, Network network, Log log) {
        this.scheduler = scheduler;
        this.network = network;
        this.log = log;
    }

    public CommandPublisher commands() {
        return CommandChannels.publisher(to(Topics.COMMANDS), to(Topics.COMPRESSIONS));
    }

    public EventPublisher events() {
        return Publishers.events(to(Topics.EVENTS));
    }

    /** Arrives at once: the codec, which tells of progress while it works, is not to stand still. */
    public MutinyEmitter<byte[]> progress() {
        return Publishers.channel(message -> Uni.createFrom().item(() -> {
            write(Topics.PROGRESS, message);
            return null;
        }));
    }

    private MutinyEmitter<byte[]> to(String topic) {
        return Publishers.channel(message -> Uni.createFrom().item(() -> {
            network.call("write to " + topic, () -> {
                write(topic, message);
                return topic;
            });
            return null;
        }));
    }

    private void write(String topic, Message<byte[]> message) {
        var metadata = message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
        var key = metadata.getKey();
        var headers = metadata.getHeaders() == null ? new RecordHeaders() : metadata.getHeaders();
        var millis = scheduler.instant().toEpochMilli();
        switch (key) {
            case EventKey(var id, var near) -> log.append(topic, id, near, headers, message.getPayload(), millis);
            case String text -> log.append(topic, text, text, headers, message.getPayload(), millis);
            default -> throw new AssertionError("no key: " + key);
        }
    }
}
