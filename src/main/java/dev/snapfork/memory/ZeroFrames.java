package dev.snapfork.memory;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Frames of zeros, made once for each of the few lengths that a file has. The level makes no difference to them. */
final class ZeroFrames {
    private static final int BATCH_BYTES = 1 << 18;

    private final FrameCoder coder;
    private final Map<Integer, ByteBuffer> frames = new HashMap<>();
    private final Map<Integer, ByteBuffer> batches = new HashMap<>();

    ZeroFrames(FrameCoder coder) {
        this.coder = coder;
    }

    /**
     * The frame of so many zeros; read-only, with a position of the caller's own.
     *
     * @throws IOException if it did not decode to zeros; it is always checked, since it stands for many
     */
    synchronized ByteBuffer of(int rawBytes) throws IOException {
        ByteBuffer frame = frames.get(rawBytes);
        if (frame == null) {
            frame = make(rawBytes);
            frames.put(rawBytes, frame);
        }
        return frame.duplicate();
    }

    /**
     * As many such frames one after the other as are worth a write, at least one; made once, since a file may have a hole of any
     * length. Read-only, with a position of the caller's own.
     */
    synchronized ByteBuffer batch(int rawBytes) throws IOException {
        ByteBuffer batch = batches.get(rawBytes);
        if (batch == null) {
            ByteBuffer frame = of(rawBytes);
            int length = frame.capacity();
            int count = Math.max(1, BATCH_BYTES / length);
            ByteBuffer repeated = ByteBuffer.allocate(count * length);
            for (int i = 0; i < count; i++) {
                repeated.put(i * length, frame, 0, length);
            }
            batch = repeated.asReadOnlyBuffer();
            batches.put(rawBytes, batch);
        }
        return batch.duplicate();
    }

    private ByteBuffer make(int rawBytes) throws IOException {
        try (Bench bench = new Bench();
                NativeBuffer target = new NativeBuffer()) {
            ByteBuffer zeros = bench.raw().atLeast(Math.max(1, rawBytes));
            ByteBuffer out = target.atLeast(coder.bound(rawBytes));
            int length = coder.encode(bench, 1, zeros, rawBytes, TreeDigest.hash(zeros, 0, rawBytes), out);
            ByteBuffer decoded = bench.check().atLeast(Math.max(1, rawBytes));
            if (!coder.decode(bench, out, 0, length, decoded, rawBytes)
                    || !bench.check().isZero(0, rawBytes)) {
                throw new IOException("compressing zeros did not give what decodes to them; nothing was kept");
            }
            return ByteBuffer.allocate(length).put(0, out, 0, length).asReadOnlyBuffer();
        }
    }
}
