/** Stage: applies both logs to the read model. The only writer there is. */
@NullMarked
package dev.snapfork.projection;

import org.jspecify.annotations.NullMarked;
