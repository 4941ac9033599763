/**
 * Vocabulary: what happens to an accepted command. Ids, kinds, states, refusals and outcomes; the JDK only, with Jackson's
 * annotations for the wire names. Nothing here knows HTTP, Kafka, SQL or files.
 */
@NullMarked
package dev.snapfork.operation;

import org.jspecify.annotations.NullMarked;
