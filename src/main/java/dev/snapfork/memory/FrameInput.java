package dev.snapfork.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Reads a compressed file from front to back and knows where it is. */
final class FrameInput {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int SKIPPABLE = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFFFFF0;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .limit(0);
    private long bufferEnd;

    FrameInput(FileChannel file) {
        this.file = file;
    }

    static boolean isSkippable(int magic) {
        return (magic & SKIPPABLE_MASK) == SKIPPABLE;
    }

    /** The offset in the file of the next byte. */
    long offset() {
        return bufferEnd - buffer.remaining();
    }

    boolean atEnd() throws IOException {
        return !buffer.hasRemaining() && fill() == 0;
    }

    /** What is read ahead; empty only at the end of the file. Its position is what has been consumed. */
    ByteBuffer ahead() throws IOException {
        if (!buffer.hasRemaining()) {
            fill();
        }
        return buffer;
    }

    int u8() throws IOException {
        require(1);
        return Byte.toUnsignedInt(buffer.get());
    }

    int i32() throws IOException {
        require(Integer.BYTES);
        return buffer.getInt();
    }

    void read(byte[] target, int length) throws IOException {
        for (int done = 0; done < length; ) {
            require(1);
            int part = Math.min(length - done, buffer.remaining());
            buffer.get(target, done, part);
            done += part;
        }
    }

    void skip(long bytes) throws IOException {
        long to = offset() + bytes;
        if (to > file.size()) {
            throw cutOff();
        }
        bufferEnd = to;
        buffer.limit(0);
    }

    CorruptMemoryException cutOff() throws IOException {
        return new CorruptMemoryException(file.size(), "the file is cut off");
    }

    private void require(int bytes) throws IOException {
        while (buffer.remaining() < bytes) {
            if (fill() == 0) {
                throw cutOff();
            }
        }
    }

    private int fill() throws IOException {
        buffer.compact();
        int read = file.read(buffer, bufferEnd);
        buffer.flip();
        bufferEnd += Math.max(0, read);
        return Math.max(0, read);
    }
}
