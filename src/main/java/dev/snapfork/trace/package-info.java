/**
 * What is carried along with a request through both logs: the trace that it belongs to, and the ids that its log lines bear. Headers of
 * records, spans and the logs' labels; no business words.
 */
@NullMarked
package dev.snapfork.trace;

import org.jspecify.annotations.NullMarked;
