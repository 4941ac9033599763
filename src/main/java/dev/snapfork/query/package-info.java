/** Stage: HTTP out. Answers from the read model. */
@NullMarked
package dev.snapfork.query;

import org.jspecify.annotations.NullMarked;
