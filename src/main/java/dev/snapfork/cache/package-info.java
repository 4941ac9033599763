/**
 * Decoded memory that is kept for the next fork: files below one directory, bounded in bytes, gone with the process. What is
 * in here can be lost at any time and is made again from its snapshot. It knows files and the names of snapshots; it knows no
 * codec, no manifest and no instance.
 *
 * <p>Nobody ever gets a path into the cache, only copies and reflinks: a machine that writes to its memory must reach neither
 * an entry nor a snapshot, so hard links are out of the question.
 */
@NullMarked
package dev.snapfork.cache;

import org.jspecify.annotations.NullMarked;
