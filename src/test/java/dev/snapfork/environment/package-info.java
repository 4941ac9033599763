/**
 * The Kafka and PostgreSQL that tests run against: containers where there is a Docker engine, the local stack elsewhere.
 * Tests do not know which. Nothing of the service belongs here.
 */
@NullMarked
package dev.snapfork.environment;

import org.jspecify.annotations.NullMarked;
