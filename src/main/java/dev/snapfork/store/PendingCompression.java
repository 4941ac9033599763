package dev.snapfork.store;

import dev.snapfork.instance.CompressionConfig;
import java.time.Instant;

/**
 * That the memory of an instance in standby is to be compressed.
 *
 * @param notBefore until when the instance may go on without having to decode anything
 */
public record PendingCompression(Instant notBefore, CompressionConfig compression) {}
