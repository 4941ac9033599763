/**
 * The payload store: the truth of every snapshot and instance, as files below one data directory. Layout, manifests, staging,
 * commit points, trash, import and adoption. It knows the vocabulary and files; it knows no command, no event, no HTTP, no
 * SQL, no codec and no hypervisor.
 *
 * <p>Three rules carry everything here. What is published is complete and on stable storage before one rename makes it
 * visible. A payload file that a manifest names is never written in place, only renamed over or unlinked, so that whoever has
 * it open reads on undisturbed. A manifest changes only under its aggregate's lock and only from the version that the change
 * was decided on.
 */
@NullMarked
package dev.snapfork.store;

import org.jspecify.annotations.NullMarked;
