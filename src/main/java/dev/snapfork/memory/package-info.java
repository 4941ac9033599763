/**
 * The memory-file codec: compresses the memory of virtual machines into standard zstd and lz4 files and decodes them
 * back, sparse, in parallel and with bounded memory. Knows files and bytes only: names on the wire, snapshots and where
 * files lie belong elsewhere.
 */
@NullMarked
package dev.snapfork.memory;

import org.jspecify.annotations.NullMarked;
