package dev.snapfork.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.xxhash.StreamingXXHash32;

/** LZ4 frames of any kind but those that need a dictionary, and not the legacy format. */
record Lz4Stream() implements StreamDecoder {
    private static final int LEGACY = 0x184C2102;
    private static final int HISTORY = 1 << 16;

    @Override
    public void decode(FrameInput input, ChunkedOutput output, JobControl job) throws IOException {
        while (!input.atEnd()) {
            long start = input.offset();
            int magic = input.i32();
            if (FrameInput.isSkippable(magic)) {
                input.skip(Integer.toUnsignedLong(input.i32()));
            } else if (magic == Lz4Frames.MAGIC) {
                Header header = readHeader(input, start);
                decodeBlocks(header, input, output, job);
            } else if (magic == LEGACY) {
                throw new IOException("frames of the legacy format (lz4 -l) are not supported");
            } else {
                throw new CorruptMemoryException(start, "neither an lz4 frame nor the end of the file");
            }
            job.advanceTo(input.offset());
        }
    }

    /** Of a frame; contentBytes is what it says that it holds, or -1. */
    private record Header(
            boolean linked, boolean blockChecksums, boolean checksum, int blockBytes, long contentBytes) {}

    private static Header readHeader(FrameInput input, long start) throws IOException {
        byte[] descriptor = new byte[14];
        byte[] field = new byte[8];
        int flags = input.u8();
        int block = input.u8();
        descriptor[0] = (byte) flags;
        descriptor[1] = (byte) block;
        int length = 2;
        boolean sized = (flags & 0x08) != 0;
        if (sized) {
            input.read(field, Long.BYTES);
            System.arraycopy(field, 0, descriptor, length, Long.BYTES);
            length += Long.BYTES;
        }
        boolean dictionary = (flags & 0x01) != 0;
        if (dictionary) {
            input.read(field, Integer.BYTES);
            System.arraycopy(field, 0, descriptor, length, Integer.BYTES);
            length += Integer.BYTES;
        }
        int sum = input.u8();
        int sizeCode = block >> 4;
        if (sum != (Lz4Frames.XXH32.hash(descriptor, 0, length, 0) >> 8 & 0xFF)
                || flags >> 6 != 1
                || (flags & 0x02) != 0
                || (block & 0x8F) != 0
                || sizeCode < 4) {
            throw new CorruptMemoryException(start, "no valid lz4 frame header");
        }
        if (dictionary) {
            throw new IOException("the lz4 frame needs a dictionary, which is not supported");
        }
        long contentBytes = sized
                ? ByteBuffer.wrap(descriptor).order(ByteOrder.LITTLE_ENDIAN).getLong(2)
                : -1;
        return new Header(
                (flags & 0x20) == 0, (flags & 0x10) != 0, (flags & 0x04) != 0, 1 << (2 * sizeCode + 8), contentBytes);
    }

    private static void decodeBlocks(Header header, FrameInput input, ChunkedOutput output, JobControl job)
            throws IOException {
        byte[] packed = new byte[header.blockBytes()];
        byte[] plain = new byte[HISTORY + header.blockBytes()];
        long outputStart = output.length();
        int history = 0;
        try (StreamingXXHash32 sum = Lz4Frames.XXH.newStreamingHash32(0)) {
            long at = input.offset();
            for (int word = input.i32(); word != 0; word = input.i32()) {
                job.check();
                int size = word & ~Lz4Frames.STORED;
                if (size > header.blockBytes()) {
                    throw new CorruptMemoryException(at, "an lz4 block longer than its frame allows");
                }
                input.read(packed, size);
                if (header.blockChecksums() && input.i32() != Lz4Frames.XXH32.hash(packed, 0, size, 0)) {
                    throw new CorruptMemoryException(at, "the checksum of an lz4 block does not match");
                }
                int length = unpack(header, word < 0, packed, size, plain, history);
                if (length < 0) {
                    throw new CorruptMemoryException(at, "no valid lz4 block");
                }
                sum.update(plain, HISTORY, length);
                output.write(plain, HISTORY, length);
                // The next block's history ends where its own bytes begin.
                history = Math.min(HISTORY, history + length);
                System.arraycopy(plain, HISTORY + length - history, plain, HISTORY - history, history);
                at = input.offset();
                job.advanceTo(at);
            }
            if (header.checksum() && input.i32() != sum.getValue()) {
                throw new CorruptMemoryException(at, "the content checksum of an lz4 frame does not match");
            }
            if (header.contentBytes() >= 0 && output.length() - outputStart != header.contentBytes()) {
                throw new CorruptMemoryException(at, "an lz4 frame holds more or less than its header says");
            }
        }
    }

    private static int unpack(Header header, boolean stored, byte[] packed, int size, byte[] plain, int history) {
        if (stored) {
            System.arraycopy(packed, 0, plain, HISTORY, size);
            return size;
        }
        if (header.linked()) {
            return Lz4LinkedBlock.decode(packed, size, plain, HISTORY, HISTORY - history);
        }
        try {
            return Lz4Frames.DECOMPRESSOR.decompress(packed, 0, size, plain, HISTORY, header.blockBytes());
        } catch (LZ4Exception damaged) {
            return -1;
        }
    }
}
