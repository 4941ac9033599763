package dev.snapfork.worker;

import dev.snapfork.operation.OperationId;

/**
 * One attempt at a command. A command is attempted anew after a crash, and by whoever is given its partition while another still
 * works on it; of all its attempts the latest alone decides how it ends.
 *
 * @param name no other attempt's
 */
record AttemptId(OperationId operation, String name) {}
