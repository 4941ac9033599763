package dev.snapfork.worker;

import dev.snapfork.command.Command;
import java.io.IOException;

/** Does one kind of command. */
interface Handler<C extends Command> {
    /**
     * Called again with the same command after a crash at any instant: finishes what the earlier attempt began, or begins anew.
     *
     * @throws IOException if the payload store failed; nothing half-made is visible, and staging has been cleared
     */
    Outcome handle(C command, Work work) throws IOException, InterruptedException;
}
