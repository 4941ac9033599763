package dev.snapfork.worker;

import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import java.time.Instant;
import java.util.List;

/**
 * Which commands somebody wants stopped, and which have been taken up. Of taking a command up and asking to stop it one comes
 * first, on any number of workers. Calls block for a bounded time; after a failure the change may or may not stand, and calling
 * again settles it.
 */
interface Cancellations {
    /** What to do with a command that has come. */
    enum Turn {
        /** Do it. */
        BEGIN,
        /** It was taken up, and somebody wants it stopped: find out how far it had come, and stop it if it can be stopped. */
        STOP,
        /** It was cancelled before anybody had taken it up, and must not be begun. */
        WITHDRAWN
    }

    /**
     * A wish to stop a command that has not settled.
     *
     * @param takenUp if not, nobody ever will, and whoever reads this may end it
     */
    record Request(Operation accepted, boolean takenUp) {}

    /** Takes the command up, unless it was cancelled before; says the same to each worker that the command comes to. */
    Turn takeUp(OperationId operation);

    /** What somebody wants stopped, the oldest first. */
    List<Request> requests(int most);

    /**
     * Forgets the request, since the command's end is published. Of one that was never taken up it stays on record that it must not
     * be begun: a worker may have it in its hands already.
     */
    void forget(OperationId operation);

    /** Forgets commands that were taken up and have settled, and whatever is older than any command that can still come. */
    void forgetSettled(Instant oldest);
}
