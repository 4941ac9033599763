package dev.snapfork.schedule;

import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.CommandPublisher;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** The command log. */
@ApplicationScoped
class KafkaOutbox implements Outbox {
    /** Longer than the producer itself tries. */
    private static final Duration LIMIT = Duration.ofSeconds(16);

    private final CommandPublisher commands;

    KafkaOutbox(CommandPublisher commands) {
        this.commands = commands;
    }

    @Override
    public void publish(CommandEnvelope envelope) {
        commands.publish(envelope).await().atMost(LIMIT);
    }
}
