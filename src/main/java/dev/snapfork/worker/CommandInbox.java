package dev.snapfork.worker;

import dev.snapfork.command.CommandCodec;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.platform.SnapforkConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Takes commands from their logs, no more than can be worked on, and acknowledges each when it has settled. What cannot be read
 * goes to the dead letters as it is, with the reason.
 */
@ApplicationScoped
class CommandInbox {
    private static final Logger LOG = Logger.getLogger(CommandInbox.class);
    /** One in work, and one waiting so that the next starts at once. */
    private static final int COMPRESSIONS_A_JOB = 2;

    private final CommandProcessor processor;
    private final Patience patience;
    private final Tenures tenures;
    private final Faults faults;
    private final KeyedDispatcher commands;
    private final KeyedDispatcher compressions;

    CommandInbox(
            CommandProcessor processor,
            Patience patience,
            @Identifier("worker") Tenures tenures,
            Faults faults,
            SnapforkConfig config) {
        this.processor = processor;
        this.patience = patience;
        this.tenures = tenures;
        this.faults = faults;
        this.commands = new KeyedDispatcher("command", config.worker().maxInFlight());
        var jobs = config.worker().compressionJobs();
        this.compressions = new KeyedDispatcher("compression", jobs, jobs * COMPRESSIONS_A_JOB);
    }

    @Incoming("commands")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> command(Message<byte[]> message) {
        return receive(message, commands);
    }

    @Incoming("compressions")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> compression(Message<byte[]> message) {
        return receive(message, compressions);
    }

    /** Says that the worker stops before it interrupts what is in work, which so is handed back and not given up. */
    void stop(@Observes ShutdownEvent event) {
        patience.stop();
        commands.close();
        compressions.close();
    }

    private Uni<Void> receive(Message<byte[]> message, KeyedDispatcher dispatcher) {
        var record = message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        CommandEnvelope envelope;
        try {
            envelope = CommandCodec.decode(record.getHeaders(), message.getPayload());
        } catch (UnreadableRecordException e) {
            LOG.errorf(
                    "sent an unreadable command to the dead letters: topic=%s partition=%d offset=%d reason=%s",
                    record.getTopic(), record.getPartition(), record.getOffset(), e.getMessage());
            return Uni.createFrom().completionStage(message.nack(e));
        }
        var tenure = tenures.of(record.getTopic(), record.getPartition());
        return dispatcher.dispatch(envelope.command().key(), () -> work(envelope, message, tenure));
    }

    private void work(CommandEnvelope envelope, Message<byte[]> message, Tenure tenure) {
        if (tenure.ended()) {
            return;
        }
        try {
            processor.process(envelope, tenure);
        } catch (Patience.StoppingException e) {
            LOG.infof("handed back: operation=%s", envelope.id());
            return;
        }
        message.ack().whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warnf("could not acknowledge operation=%s: %s", envelope.id(), failure.toString());
            }
        });
        faults.passed(Step.ACKNOWLEDGED);
    }
}
