package dev.snapfork.store;

/**
 * A manifest and where it came from.
 *
 * @param ours false where the directory is still as another daemon left it, and the manifest is what adoption would write
 */
record AsFound<M>(M manifest, boolean ours) {}
