/**
 * Vocabulary: whether what lies on disk is still what was put there. The JDK only, with Jackson's annotations for the wire names.
 * Finding that out, and what follows from it, belong to others.
 */
@NullMarked
package dev.snapfork.health;

import org.jspecify.annotations.NullMarked;
