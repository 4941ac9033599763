package dev.snapfork.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The outline of a file that this codec wrote, as the file itself carries it in two skippable frames, which every
 * standard decoder passes over:
 *
 * <ul>
 *   <li>the head, first in the file: magic 0x184D2A50, size 16, {@code SNAPFORK}, and the raw length (8 bytes). Without
 *       it a file cut off between two frames would pass for a shorter one.
 *   <li>the index, last in the file: a seek table of zstd's seekable format (magic 0x184D2A5E), for lz4 files too. Its
 *       entries are the head (of decompressed size 0) and each frame in order, without checksums.
 * </ul>
 *
 * All numbers are little endian. All frames but the last hold the same number of raw bytes.
 */
final class FrameTable {
    static final int HEAD_BYTES = 24;
    static final long MAX_RAW_BYTES = 1L << 43;

    private static final int SKIPPABLE = 0x184D2A50;
    private static final int INDEX = 0x184D2A5E;
    private static final int SEEKABLE = 0x8F92EAB1;
    private static final long NAME = 0x4B524F4650414E53L; // SNAPFORK
    private static final int PREFIX = 8;
    private static final int ENTRY = 8;
    private static final int FOOTER = 9;

    private final long rawBytes;
    private final int frameBytes;
    private final int[] lengths;

    FrameTable(long rawBytes, int frameBytes) {
        this.rawBytes = rawBytes;
        this.frameBytes = frameBytes;
        this.lengths = new int[frames(rawBytes, frameBytes)];
    }

    /** At least one: an empty file is one empty frame. */
    private static int frames(long rawBytes, int frameBytes) {
        return Math.max(1, Math.toIntExact(Math.ceilDiv(rawBytes, frameBytes)));
    }

    int frames() {
        return lengths.length;
    }

    long rawBytes() {
        return rawBytes;
    }

    int frameBytes() {
        return frameBytes;
    }

    long rawOffset(int frame) {
        return (long) frame * frameBytes;
    }

    int rawLength(int frame) {
        return (int) Math.min(frameBytes, rawBytes - rawOffset(frame));
    }

    int length(int frame) {
        return lengths[frame];
    }

    void setLength(int frame, int length) {
        lengths[frame] = length;
    }

    ByteBuffer head() {
        return little(HEAD_BYTES)
                .putInt(SKIPPABLE)
                .putInt(HEAD_BYTES - PREFIX)
                .putLong(NAME)
                .putLong(rawBytes)
                .flip();
    }

    /** The raw length that the head announces, or -1 if the file does not begin with a head. */
    static long announcedBytes(FileChannel file) throws IOException {
        if (file.size() < HEAD_BYTES) {
            return -1;
        }
        ByteBuffer head = little(HEAD_BYTES);
        PositionalIo.read(file, head, HEAD_BYTES, 0);
        boolean ours = head.getInt() == SKIPPABLE && head.getInt() == HEAD_BYTES - PREFIX && head.getLong() == NAME;
        long announced = head.getLong(HEAD_BYTES - Long.BYTES);
        return ours && announced >= 0 && announced <= MAX_RAW_BYTES ? announced : -1;
    }

    ByteBuffer index() {
        int entries = lengths.length + 1;
        ByteBuffer index = little(PREFIX + entries * ENTRY + FOOTER);
        index.putInt(INDEX).putInt(entries * ENTRY + FOOTER);
        index.putInt(HEAD_BYTES).putInt(0);
        for (int frame = 0; frame < lengths.length; frame++) {
            index.putInt(lengths[frame]).putInt(rawLength(frame));
        }
        return index.putInt(entries).put((byte) 0).putInt(SEEKABLE).flip();
    }

    /**
     * Reads the index of a file that begins with a head. Null if there is none or it is not plausible: then the frames
     * themselves must tell. A plausible index bounds every frame, tiles the file, and agrees with the head.
     */
    static @Nullable FrameTable read(FileChannel file, long rawBytes, FrameCoder coder) throws IOException {
        long size = file.size();
        if (size < HEAD_BYTES + PREFIX + 2 * ENTRY + FOOTER) {
            return null;
        }
        ByteBuffer footer = little(FOOTER);
        PositionalIo.read(file, footer, FOOTER, size - FOOTER);
        long entries = Integer.toUnsignedLong(footer.getInt(0));
        long length = PREFIX + entries * ENTRY + FOOTER;
        // No frame is shorter than an entry's own 8 bytes, so this also bounds what is allocated by the file's size.
        if (footer.get(4) != 0
                || footer.getInt(5) != SEEKABLE
                || entries < 2
                || length > size - HEAD_BYTES
                || length > Integer.MAX_VALUE) {
            return null;
        }
        ByteBuffer index = little((int) length);
        PositionalIo.read(file, index, (int) length, size - length);
        if (index.getInt() != INDEX
                || index.getInt() != length - PREFIX
                || index.getInt() != HEAD_BYTES
                || index.getInt() != 0) {
            return null;
        }
        int frameBytes = entries == 2 ? Format.LARGEST_FRAME : index.getInt(index.position() + Integer.BYTES);
        if (frameBytes < Format.SMALLEST_FRAME
                || frameBytes > Format.LARGEST_FRAME
                || frameBytes % Format.SMALLEST_FRAME != 0
                || frames(rawBytes, frameBytes) != entries - 1) {
            return null;
        }
        FrameTable table = new FrameTable(rawBytes, frameBytes);
        return table.fill(index, coder.bound(frameBytes)) == size - length ? table : null;
    }

    /** The offset after the last frame, or -1 if an entry cannot be. */
    private long fill(ByteBuffer index, int longest) {
        long end = HEAD_BYTES;
        for (int frame = 0; frame < lengths.length; frame++) {
            lengths[frame] = index.getInt();
            if (lengths[frame] < 1 || lengths[frame] > longest || index.getInt() != rawLength(frame)) {
                return -1;
            }
            end += lengths[frame];
        }
        return end;
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
