package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.OperationId;
import java.time.Instant;
import java.util.Optional;

/** Remembers how commands settled, so that one that comes again settles the same way. Calls block for a bounded time. */
interface Settlements {
    Optional<OperationSettled> find(OperationId operation);

    /** Records how the command settled, unless that is on record already; returns what is on record. */
    OperationSettled record(OperationSettled settled);

    /** Forgets what settled before, once no such command can come again. */
    void forgetBefore(Instant time);
}
