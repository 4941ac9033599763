/** Stage: HTTP in. Checks what it can cheaply, publishes commands, waits for their end. Reads only the read model. */
@NullMarked
package dev.snapfork.rest;

import org.jspecify.annotations.NullMarked;
