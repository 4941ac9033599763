package dev.snapfork.worker;

import dev.snapfork.command.CommandEnvelope;

/**
 * A command as it came.
 *
 * @param tenure whether it is this worker's still
 * @param burial asked before the command settles, if its handler throws what nobody expects
 */
record Received(CommandEnvelope envelope, Tenure tenure, Burial burial) {
    /** Keeps the command of a handler that broke down. */
    interface Burial {
        /** Returns the id of the dead letter. */
        String bury(Throwable failure);
    }
}
