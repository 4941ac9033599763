package dev.snapfork.memory;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Step;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Whole reads and writes at given offsets, which leave the channel's own position alone. The buffer, which others use next, is
 * clear afterwards, also after a failure.
 */
final class PositionalIo {
    private PositionalIo() {}

    /** Fills {@code [0, length)} of the buffer. */
    static void read(FileChannel channel, ByteBuffer buffer, int length, long offset) throws IOException {
        buffer.clear().limit(length);
        try {
            DiskFaults.before(Step.DISK_READ);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new EOFException(
                            "the file ends at " + (offset + buffer.position()) + ", before " + (offset + length));
                }
            }
        } finally {
            buffer.clear();
        }
    }

    /** Writes {@code [from, to)} of the buffer. */
    static void write(FileChannel channel, ByteBuffer buffer, int from, int to, long offset) throws IOException {
        buffer.clear().position(from).limit(to);
        try {
            DiskFaults.before(Step.DISK_WRITE);
            while (buffer.hasRemaining()) {
                channel.write(buffer, offset + buffer.position() - from);
            }
        } finally {
            buffer.clear();
        }
    }

    /** Forces the file to the disk. */
    static void force(FileChannel channel, boolean withAttributes) throws IOException {
        DiskFaults.before(Step.DISK_SYNC);
        channel.force(withAttributes);
    }
}
