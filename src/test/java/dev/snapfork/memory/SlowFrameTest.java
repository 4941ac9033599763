package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of slow levels, which take seconds, are interrupted for what cannot wait that long. */
@Timeout(120)
class SlowFrameTest {
    private static final int SLOW = 13;
    private static final int SLICE = 1 << 17;
    private static final FrameCoder CODER = FrameCoder.of(Codec.ZSTD);

    private static byte[] content(int length) {
        var random = new Random(7);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) {
            bytes[i] = (byte) "a machine's memory ".charAt(random.nextInt(19));
        }
        return bytes;
    }

    /** Encodes on the bench, decodes on a new one, and returns what came out. */
    private static byte[] roundTrip(Bench bench, byte[] content) throws IOException {
        try (var decoding = new Bench();
                var packed = new NativeBuffer()) {
            var source = bench.raw().atLeast(Math.max(1, content.length)).put(0, content);
            var hash = TreeDigest.hash(source, 0, content.length);
            var target = packed.atLeast(CODER.bound(content.length));
            var length = CODER.encode(bench, SLOW, source, content.length, hash, target);
            var decoded = decoding.raw().atLeast(Math.max(1, content.length));
            assertThat(CODER.decode(decoding, target, 0, length, decoded, content.length))
                    .isTrue();
            assertThat(CODER.intact(target, 0, length, decoded, content.length, hash))
                    .isTrue();
            var back = new byte[content.length];
            decoded.get(0, back);
            return back;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, SLICE - 1, SLICE, SLICE + 1, 2 * SLICE, 5 * SLICE + 17})
    void aFrameMadeInSlicesIsWhole(int length) throws IOException {
        var content = content(length);
        try (var bench = new Bench()) {
            assertThat(roundTrip(bench, content)).isEqualTo(content);
        }
    }

    @Test
    void aFrameIsPausedAfterEachSlice() throws IOException {
        var pauses = new AtomicInteger();
        try (var bench = new Bench()) {
            bench.pausing(worked -> pauses.incrementAndGet());
            roundTrip(bench, content(4 * SLICE));
        }
        assertThat(pauses).hasValueGreaterThanOrEqualTo(4);
    }

    @Test
    void aFrameThatIsBrokenOffLeavesNothingForTheNextOne() throws IOException {
        var content = content(4 * SLICE);
        var pauses = new AtomicInteger();
        try (var bench = new Bench()) {
            bench.pausing(worked -> {
                if (pauses.incrementAndGet() == 2) {
                    throw new CancellationException("cancelled");
                }
            });
            assertThatThrownBy(() -> roundTrip(bench, content)).isInstanceOf(CancellationException.class);
            bench.pausing(worked -> {});

            var other = Arrays.copyOf(content, 3 * SLICE);
            assertThat(roundTrip(bench, other)).isEqualTo(other);
        }
    }

    @Test
    void aJobCancelledInTheMidstOfAFrameEndsThere(@TempDir Path directory) throws Exception {
        var raw = Files.write(directory.resolve("memory"), content(4 * SLICE));
        var cancelled = new AtomicBoolean();
        var pausing = new Pausing(pause -> cancelled.set(true));
        try (var codec = new MemoryCodec(1, 2, any -> pausing)) {
            assertThatThrownBy(() -> codec.compress(
                            raw,
                            directory.resolve("out"),
                            new Format(Codec.ZSTD, SLOW),
                            Job.standard().withCancellation(cancelled::get)))
                    .isInstanceOf(CancellationException.class);
        }
        assertThat(pausing.pauses).hasValue(1);
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void aRestoreIsServedInTheMidstOfAFrame(@TempDir Path directory) throws Exception {
        var content = content(6 * SLICE);
        var raw = Files.write(directory.resolve("memory"), content);
        var packed = directory.resolve("packed");
        try (var codec = new MemoryCodec(1)) {
            codec.compress(raw, packed, new Format(Codec.ZSTD, 1), Job.standard());
        }
        var restored = new AtomicBoolean();
        // the frame goes on until the restore is done, which has but the one thread that makes the frame
        var pausing = new Pausing(pause -> {}, restored);
        try (var codec = new MemoryCodec(1, 2, any -> pausing);
                ExecutorService callers = Executors.newCachedThreadPool()) {
            Future<Compressed> compression = callers.submit(
                    () -> codec.compress(raw, directory.resolve("out"), new Format(Codec.ZSTD, SLOW), Job.standard()));
            while (pausing.pauses.get() == 0) {
                Thread.onSpinWait();
            }
            codec.decode(packed, directory.resolve("back"), Job.standard());
            restored.set(true);

            assertThat(compression.get(60, TimeUnit.SECONDS).rawDigest()).isEqualTo(TreeDigest.of(raw));
        }
        assertThat(directory.resolve("back")).hasBinaryContent(content);
    }

    /** A coder whose frames pause until they are told that they are done, at least once. */
    private static final class Pausing implements FrameCoder {
        private final AtomicInteger pauses = new AtomicInteger();
        private final IntConsumer heard;
        private final AtomicBoolean done;

        Pausing(IntConsumer heard) {
            this(heard, new AtomicBoolean());
        }

        Pausing(IntConsumer heard, AtomicBoolean done) {
            this.heard = heard;
            this.done = done;
        }

        @Override
        public int bound(int rawBytes) {
            return CODER.bound(rawBytes);
        }

        @Override
        public int encode(Bench bench, int level, ByteBuffer source, int rawBytes, long hash, ByteBuffer target)
                throws IOException {
            do {
                heard.accept(pauses.incrementAndGet());
                bench.pause(1);
            } while (!done.get());
            return CODER.encode(bench, level, source, rawBytes, hash, target);
        }

        @Override
        public boolean decode(Bench bench, ByteBuffer source, int offset, int length, ByteBuffer target, int rawBytes) {
            return CODER.decode(bench, source, offset, length, target, rawBytes);
        }

        @Override
        public boolean intact(ByteBuffer source, int offset, int length, ByteBuffer content, int rawBytes, long hash) {
            return CODER.intact(source, offset, length, content, rawBytes, hash);
        }
    }
}
