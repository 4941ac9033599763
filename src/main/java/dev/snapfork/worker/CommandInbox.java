package dev.snapfork.worker;

import dev.snapfork.command.CommandCodec;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.trace.LogLabels;
import dev.snapfork.trace.Traces;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Takes commands from their logs, no more than can be worked on, and acknowledges each when it has settled. What cannot be read
 * is buried as it is, with the reason.
 */
@ApplicationScoped
class CommandInbox {
    private static final Logger LOG = Logger.getLogger(CommandInbox.class);
    /** Of compressions and verifications: one in work, and one waiting so that the next starts at once. */
    private static final int TAKEN_FOR_A_JOB = 2;

    /** Several, since scheduled ones are held back and take long, and one that is asked for shall not wait for them. */
    private static final int VERIFICATIONS = 4;

    private final CommandProcessor processor;
    private final Patience patience;
    private final Tenures tenures;
    private final Faults faults;
    private final KeyedDispatcher commands;
    private final KeyedDispatcher compressions;
    private final KeyedDispatcher verifications;
    private final DeadCommands dead;
    private final Traces traces;

    CommandInbox(
            CommandProcessor processor,
            DeadCommands dead,
            Patience patience,
            @Identifier("worker") Tenures tenures,
            Faults faults,
            WorkerMeters meters,
            Traces traces,
            SnapforkConfig config) {
        this.processor = processor;
        this.dead = dead;
        this.patience = patience;
        this.tenures = tenures;
        this.faults = faults;
        this.traces = traces;
        this.commands = new KeyedDispatcher("command", config.worker().maxInFlight());
        var jobs = config.worker().compressionJobs();
        this.compressions = new KeyedDispatcher("compression", jobs, jobs * TAKEN_FOR_A_JOB);
        this.verifications = new KeyedDispatcher("verification", VERIFICATIONS, VERIFICATIONS * TAKEN_FOR_A_JOB);
        if (config.roles().contains(SnapforkConfig.Role.WORKER)) {
            meters.show("commands", commands);
            meters.show("compressions", compressions);
            meters.show("verifications", verifications);
            meters.showFreeSpace(config.dataDir());
        }
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

    @Incoming("verifications")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> verification(Message<byte[]> message) {
        return receive(message, verifications);
    }

    /** Says that the worker stops before it interrupts what is in work, which so is handed back and not given up. */
    void stop(@Observes ShutdownEvent event) {
        patience.stop();
        commands.close();
        compressions.close();
        verifications.close();
    }

    private Uni<Void> receive(Message<byte[]> message, KeyedDispatcher dispatcher) {
        ConsumerRecord<byte[], byte[]> record = message.getMetadata(IncomingKafkaRecordMetadata.class)
                .map(CommandInbox::record)
                .orElseThrow();
        var tenure = tenures.of(record.topic(), record.partition());
        CommandEnvelope envelope;
        try {
            envelope = CommandCodec.decode(record.headers(), record.value());
        } catch (RuntimeException e) {
            var reason = e instanceof UnreadableRecordException ? String.valueOf(e.getMessage()) : e.toString();
            var place = record.topic() + "-" + record.partition() + "-" + record.offset();
            return dispatcher.dispatch(
                    place, () -> work(message, place, tenure, () -> dead.buryUnreadable(record, reason)));
        }
        return dispatcher.dispatch(
                envelope.command().key(),
                () -> work(message, "operation=" + envelope.id(), tenure, () -> process(envelope, record, tenure)));
    }

    /** What is sent and logged meanwhile follows from the command, and from the request that it came from. */
    private void process(CommandEnvelope envelope, ConsumerRecord<byte[], byte[]> record, Tenure tenure) {
        var headers = record.headers();
        var kind = envelope.command().kind().text();
        try (var _ = LogLabels.of(headers);
                var hop = traces.handles(
                        headers, record.topic(), kind, envelope.id().value());
                var _ = hop.current()) {
            processor.process(new Received(envelope, tenure, failure -> dead.bury(record, failure.toString())));
        }
    }

    @SuppressWarnings("unchecked") // the channels' deserializers
    private static ConsumerRecord<byte[], byte[]> record(IncomingKafkaRecordMetadata<?, ?> metadata) {
        return (ConsumerRecord<byte[], byte[]>) metadata.getRecord();
    }

    private void work(Message<byte[]> message, String what, Tenure tenure, Runnable work) {
        if (tenure.ended()) {
            return;
        }
        try {
            work.run();
        } catch (Patience.StoppingException e) {
            LOG.infof("handed back: %s", what);
            return;
        }
        message.ack().whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warnf("could not acknowledge %s: %s", what, failure.toString());
            }
        });
        faults.passed(Step.ACKNOWLEDGED);
    }
}
