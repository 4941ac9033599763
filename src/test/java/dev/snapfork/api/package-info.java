/**
 * The service as its clients meet it: over HTTP and Kafka, with a real Kafka and PostgreSQL behind. Every body is checked against the
 * contract as it comes in. Tests of single rules belong beside the rules.
 */
@NullMarked
package dev.snapfork.api;

import org.jspecify.annotations.NullMarked;
