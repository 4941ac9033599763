package dev.snapfork.worker;

import dev.snapfork.operation.OperationId;

/**
 * Gives each name to one owner at a time, on any number of workers. Calls block for a bounded time; after a failure the claim may
 * or may not stand, and claiming again settles it.
 */
interface NameClaims {
    /** The scope of instance names; snapshot names have their source instance's id. */
    String INSTANCES = "instances";

    /** Whether {@code owner} now holds the name; true again for an owner that held it before. */
    boolean claim(String scope, String name, String owner, OperationId operation);

    /** Gives up all that the owner holds. */
    void release(String owner);
}
