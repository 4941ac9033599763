/**
 * The command log: what can be asked of the workers, its form on the wire, and the publisher; and the request to stop one of
 * them. Wire names are frozen and never class names. Deciding and doing belong to the worker.
 */
@NullMarked
package dev.snapfork.command;

import org.jspecify.annotations.NullMarked;
