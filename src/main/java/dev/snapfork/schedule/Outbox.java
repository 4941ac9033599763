package dev.snapfork.schedule;

import dev.snapfork.command.CommandEnvelope;

/** Where the scheduler's commands go. */
interface Outbox {
    /**
     * Returns when the command is in the log for good.
     *
     * @throws RuntimeException if that is not known; publishing the same command again does no harm
     */
    void publish(CommandEnvelope envelope);
}
