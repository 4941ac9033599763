package dev.snapfork.worker;

import dev.snapfork.operation.OperationId;
import java.util.List;
import java.util.Set;

/**
 * Gives each name to one owner at a time, on any number of workers. Calls block for a bounded time; after a failure the claim may
 * or may not stand, and claiming again settles it.
 */
interface NameClaims {
    /** The scope of instance names; snapshot names have their source instance's id. */
    String INSTANCES = "instances";

    /** What came of a claim. */
    enum Claim {
        /** The owner has the name, now or from before. */
        HELD,
        /** Another has it. */
        TAKEN,
        /** A later attempt at the command has begun; nothing was changed. */
        LOST
    }

    /**
     * A name and who is to have it.
     *
     * @param cause the command that stands for where the name comes from
     */
    record Holding(String scope, String name, String owner, OperationId cause) {}

    /** Claims a name for what the attempt is about to make. */
    Claim claim(String scope, String name, String owner, AttemptId attempt);

    /** Gives up all that the owner holds, unless a later attempt at the command has begun. */
    void release(String owner, AttemptId attempt);

    /** Claims a name for what no command made. Returns whether the owner has it. */
    boolean adopt(String scope, String name, String owner, OperationId cause);

    /** Claims those of the names that nobody has. Returns who got one. */
    Set<String> adoptFree(List<Holding> holdings);

    /** The owners of names that were claimed by commands which have settled; what they own should be there. */
    Set<String> settledOwners();

    /** Gives up all that the owner holds, which is not there and will not be. */
    void releaseGone(String owner);
}
