/**
 * The event log: what has happened, its form on the wire, and the publisher. Event types are frozen: other teams' consumers
 * depend on them.
 */
@NullMarked
package dev.snapfork.event;

import org.jspecify.annotations.NullMarked;
