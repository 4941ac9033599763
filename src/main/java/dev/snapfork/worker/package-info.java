/**
 * Stage: does what commands ask for. Decides on the manifests in the payload store, never on the read model; commits with one
 * rename; publishes the event; acknowledges last.
 */
@NullMarked
package dev.snapfork.worker;

import org.jspecify.annotations.NullMarked;
