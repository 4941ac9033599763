package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.OperationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Remembers which attempt at a command is the latest and how commands settled, so that one that comes again settles the same
 * way, and that an attempt which has lost its command settles nothing. Calls block for a bounded time; after a failure they may
 * or may not have been done, and doing them again settles it.
 */
interface Settlements {
    /**
     * Makes the attempt the latest at its command, unless the command has settled.
     *
     * @return how it settled; empty if the attempt is to go on
     */
    Optional<OperationSettled> begin(AttemptId attempt);

    Optional<OperationSettled> find(OperationId operation);

    /** Whether the command has been begun and has not settled: it comes again, to whoever has its partition. */
    boolean isOpen(OperationId operation);

    /** How all commands on record ended that were given up. */
    List<OperationSettled> failed();

    /**
     * Records how the attempt settled its command, unless that is on record already.
     *
     * @return what is on record; empty if nothing is and a later attempt has begun
     */
    Optional<OperationSettled> record(OperationSettled settled, AttemptId attempt);

    /** Forgets what settled before and attempts that began before, once no such command can come again. */
    void forgetBefore(Instant time);
}
