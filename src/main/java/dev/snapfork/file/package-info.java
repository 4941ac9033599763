/**
 * The Linux file calls that the JDK lacks: holes, reflinks, exchange by rename, durable replacement, and the digest by
 * which payload files are known. Knows nothing of snapshots, layouts or codecs; imports the JDK and lz4-java's XXHash
 * only.
 */
@NullMarked
package dev.snapfork.file;

import org.jspecify.annotations.NullMarked;
