/**
 * Vocabulary: snapshots, their kinds and compression states, and the pure rules that say what may be done with them. The JDK
 * only, with Jackson's annotations: a record's JSON is the body that the REST API and the events carry.
 */
@NullMarked
package dev.snapfork.snapshot;

import org.jspecify.annotations.NullMarked;
