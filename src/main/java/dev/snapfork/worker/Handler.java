package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.operation.RefusedException;
import java.io.IOException;

/** Does one kind of command. */
interface Handler<C extends Command> {
    /**
     * Called again with the same command after a failure or a crash at any instant: finishes what the earlier attempt began, or
     * begins anew. No earlier attempt can make anything visible any more.
     *
     * @throws RefusedException if the domain says no
     * @throws IOException if the payload store failed; nothing half-made is visible
     * @throws LostException if a later attempt has begun
     */
    Outcome handle(C command, Work work) throws IOException, InterruptedException;

    /**
     * Called when {@link #handle} has failed for good, with staging empty: gives back what the command holds, and says in what
     * it was about that it ended.
     *
     * @return {@code why}, or how the command ended if it turns out to be done
     * @throws IOException if the payload store fails; this may be called again
     */
    Outcome giveUp(C command, Outcome why, Work work) throws IOException;
}
