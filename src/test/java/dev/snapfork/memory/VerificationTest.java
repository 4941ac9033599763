package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when the compressor itself goes wrong. */
class VerificationTest {
    private static final Format FORMAT = new Format(Codec.ZSTD, 1);

    private final Path raw;
    private final Path compressed;

    VerificationTest(@TempDir Path directory) {
        this.raw = directory.resolve("memory");
        this.compressed = directory.resolve("memory.compressed");
    }

    @ParameterizedTest
    @EnumSource(
            value = Shape.class,
            names = {"ODD_LENGTH", "RANDOM", "MIXED", "ALL_HOLE", "ENDS_IN_HOLE"})
    void aFrameThatDoesNotDecodeToItsSourceIsNeverKept(Shape shape) throws IOException {
        shape.write(raw);
        try (MemoryCodec codec = new MemoryCodec(2, 4, any -> new WrongByte())) {
            assertThatThrownBy(() -> codec.compress(raw, compressed, FORMAT, Job.standard()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("nothing was kept");
        }

        assertThat(compressed).doesNotExist();
    }

    /** Makes whole frames of a source in which one byte differs; their checksums are the true source's. */
    private record WrongByte() implements FrameCoder {
        private static final FrameCoder RIGHT = FrameCoder.of(Codec.ZSTD);

        @Override
        public int bound(int rawBytes) {
            return RIGHT.bound(rawBytes);
        }

        @Override
        public int encode(Bench bench, int level, ByteBuffer source, int rawBytes, long hash, ByteBuffer target)
                throws IOException {
            byte right = source.get(rawBytes - 1);
            source.put(rawBytes - 1, (byte) (right + 1));
            int length = RIGHT.encode(bench, level, source, rawBytes, hash, target);
            source.put(rawBytes - 1, right);
            return length;
        }

        @Override
        public boolean decode(Bench bench, ByteBuffer source, int offset, int length, ByteBuffer target, int rawBytes) {
            return RIGHT.decode(bench, source, offset, length, target, rawBytes);
        }

        @Override
        public boolean intact(ByteBuffer source, int offset, int length, ByteBuffer content, int rawBytes, long hash) {
            return RIGHT.intact(source, offset, length, content, rawBytes, hash);
        }
    }
}
