package dev.snapfork.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Frames of zeros, made once for each of the few lengths that a file has. The level makes no difference to them. */
final class ZeroFrames {
    private final FrameCoder coder;
    private final Map<Integer, ByteBuffer> frames = new ConcurrentHashMap<>();

    ZeroFrames(FrameCoder coder) {
        this.coder = coder;
    }

    /** The frame of so many zeros; read-only, with a position of the caller's own. */
    ByteBuffer of(int rawBytes) {
        return frames.computeIfAbsent(rawBytes, this::make).duplicate();
    }

    private ByteBuffer make(int rawBytes) {
        try (Bench bench = new Bench();
                NativeBuffer target = new NativeBuffer()) {
            ByteBuffer zeros = bench.raw().atLeast(Math.max(1, rawBytes));
            ByteBuffer out = target.atLeast(coder.bound(rawBytes));
            int length = coder.encode(bench, 1, zeros, rawBytes, out);
            return ByteBuffer.allocate(length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(0, out, 0, length)
                    .asReadOnlyBuffer();
        }
    }
}
