/**
 * The read model: its rows, how they are found, and how the projection writes them. The schema is in {@code db/migration}.
 */
@NullMarked
package dev.snapfork.view;

import org.jspecify.annotations.NullMarked;
