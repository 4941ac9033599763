/**
 * Stage: HTTP in. Checks what it can cheaply, publishes commands, waits for their end. Reads the read model, and keeps which
 * request made which command.
 */
@NullMarked
package dev.snapfork.rest;

import org.jspecify.annotations.NullMarked;
