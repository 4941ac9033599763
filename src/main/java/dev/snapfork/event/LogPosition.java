package dev.snapfork.event;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * How far somebody has read a log: the next offset of each of its partitions, from 0 on. As text it is short and opaque, fit for an HTTP
 * header; its parts are the offsets as variable-length numbers of 7 bits a byte.
 */
public final class LogPosition {
    private static final int MOST_PARTITIONS = 4096;
    private static final int LONGEST_TEXT = 1 << 15;
    private static final int LONGEST_NUMBER = 10;

    private final long[] offsets;

    private LogPosition(long[] offsets) {
        this.offsets = offsets;
    }

    /** @param offsets of each partition, from 0 on; copied */
    static LogPosition of(long[] offsets) {
        return new LogPosition(offsets.clone());
    }

    /** The beginning of a log of any number of partitions. */
    public static LogPosition beginning() {
        return new LogPosition(new long[0]);
    }

    /** @throws IllegalArgumentException if the text was not made by {@link #toString} */
    public static LogPosition parse(String text) {
        try {
            if (text.length() > LONGEST_TEXT) {
                throw new IllegalArgumentException("too long");
            }
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            var offsets = new long[MOST_PARTITIONS];
            var count = 0;
            while (bytes.hasRemaining() && count < MOST_PARTITIONS) {
                offsets[count++] = number(bytes);
            }
            if (bytes.hasRemaining() || count == 0) {
                throw new IllegalArgumentException("wrong length");
            }
            return new LogPosition(Arrays.copyOf(offsets, count));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new IllegalArgumentException("it is no id that the event stream gave", e);
        }
    }

    private static long number(ByteBuffer bytes) {
        var value = 0L;
        for (var shift = 0; shift < LONGEST_NUMBER * 7; shift += 7) {
            var part = bytes.get();
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                if (value < 0) {
                    break;
                }
                return value;
            }
        }
        throw new IllegalArgumentException("no offset");
    }

    /** The next offset of a partition; 0 of one that was not there when the position was noted. */
    long offset(int partition) {
        return partition < offsets.length ? offsets[partition] : 0;
    }

    /** @param count how many partitions there are */
    long[] offsets(int count) {
        return Arrays.copyOf(offsets, Math.max(count, offsets.length));
    }

    @Override
    public String toString() {
        var bytes = ByteBuffer.allocate(offsets.length * LONGEST_NUMBER);
        for (var offset : offsets) {
            var rest = offset;
            while (rest >= 0x80) {
                bytes.put((byte) (rest | 0x80));
                rest >>>= 7;
            }
            bytes.put((byte) rest);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
    }
}
