package dev.snapfork.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap and outside the limit on direct buffers, grown on demand and freed when told. Used by one
 * thread at a time, which may be another each time.
 */
final class NativeBuffer implements AutoCloseable {
    private static final int ALIGNMENT = 4096;
    private static final MemorySegment ZEROS =
            MemorySegment.ofArray(new byte[1 << 20]).asReadOnly();

    private Arena arena = Arena.ofShared();
    private MemorySegment segment = MemorySegment.NULL;
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    /** The buffer with room for so many bytes, little endian; growing drops what was in it. */
    ByteBuffer atLeast(int capacity) {
        if (segment.byteSize() < capacity) {
            arena.close();
            // if there is no memory, the next one finds an empty buffer and not a freed one
            segment = MemorySegment.NULL;
            bytes = ByteBuffer.allocateDirect(0);
            arena = Arena.ofShared();
            segment = arena.allocate(capacity, ALIGNMENT);
            bytes = segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
        return bytes;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    boolean isZero(int from, int to) {
        for (int at = from; at < to; ) {
            int size = (int) Math.min(to - at, ZEROS.byteSize());
            if (MemorySegment.mismatch(segment, at, at + size, ZEROS, 0, size) >= 0) {
                return false;
            }
            at += size;
        }
        return true;
    }

    /** Whether {@code [from, from + length)} equals the first {@code length} bytes of the other. */
    boolean matches(int from, int length, MemorySegment other) {
        return MemorySegment.mismatch(segment, from, from + (long) length, other, 0, length) < 0;
    }

    MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        arena.close();
    }
}
