package dev.snapfork.memory;

/**
 * Decodes LZ4 blocks that refer back into the blocks before them (as {@code lz4 -BD} writes them), which lz4-java
 * cannot.
 */
final class Lz4LinkedBlock {
    private static final int MIN_MATCH = 4;
    private static final int EXTENDED = 15;

    private final byte[] packed;
    private final int end;
    private int position;

    private Lz4LinkedBlock(byte[] packed, int end) {
        this.packed = packed;
        this.end = end;
    }

    /**
     * Decodes {@code [0, size)} into {@code plain} from {@code start} on.
     *
     * @param lowest where the history begins that matches may refer to
     * @return the number of bytes decoded, or -1 if the block is not valid
     */
    static int decode(byte[] packed, int size, byte[] plain, int start, int lowest) {
        return new Lz4LinkedBlock(packed, size).decode(plain, start, lowest);
    }

    private int decode(byte[] plain, int start, int lowest) {
        int at = start;
        while (position < end) {
            int token = packed[position++];
            int literals = length(token >> 4 & EXTENDED);
            if (literals < 0 || literals > end - position || literals > plain.length - at) {
                return -1;
            }
            System.arraycopy(packed, position, plain, at, literals);
            position += literals;
            at += literals;
            if (position == end) {
                return at - start;
            }
            if (end - position < 2) {
                return -1;
            }
            int distance = (packed[position] & 0xFF) | (packed[position + 1] & 0xFF) << 8;
            position += 2;
            int match = length(token & EXTENDED);
            if (match < 0 || distance == 0 || distance > at - lowest || match > plain.length - at - MIN_MATCH) {
                return -1;
            }
            at = copy(plain, at, distance, match + MIN_MATCH);
        }
        return -1;
    }

    /** The rest of a length whose first four bits are given, or -1 if it is cut off or absurd. */
    private int length(int nibble) {
        int length = nibble;
        if (nibble == EXTENDED) {
            int more;
            do {
                if (position >= end || length > Integer.MAX_VALUE - 0xFF) {
                    return -1;
                }
                more = packed[position++] & 0xFF;
                length += more;
            } while (more == 0xFF);
        }
        return length;
    }

    /** Matches may overlap what they produce: then they repeat it, a distance at a time. */
    private static int copy(byte[] plain, int at, int distance, int length) {
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, distance + done);
            System.arraycopy(plain, at - distance, plain, at + done, part);
            done += part;
        }
        return at + length;
    }
}
