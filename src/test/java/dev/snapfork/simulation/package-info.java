/**
 * The pipeline under a seeded scheduler: real handlers on a real payload store, between twins of the logs, of PostgreSQL and of the
 * network, with everything that happens to them drawn from one seed. What belongs to one stage's package lies in that package.
 */
@NullMarked
package dev.snapfork.simulation;

import org.jspecify.annotations.NullMarked;
