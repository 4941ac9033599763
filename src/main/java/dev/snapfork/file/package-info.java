/**
 * The Linux file calls that the JDK lacks: holes, reflinks, exchange by rename, durable replacement, and the digest by
 * which payload files are known. Knows nothing of snapshots, layouts or codecs; imports the JDK, lz4-java's XXHash and the
 * fault seam only.
 */
@NullMarked
package dev.snapfork.file;

import org.jspecify.annotations.NullMarked;
