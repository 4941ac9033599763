package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.file.SparseFile;
import dev.snapfork.file.TreeDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that the command-line tools made. */
class ForeignFileTest {
    private static final MemoryCodec CODEC = new MemoryCodec(2);

    private final Path raw;
    private final Path compressed;
    private final Path decoded;

    ForeignFileTest(@TempDir Path directory) {
        this.raw = directory.resolve("memory");
        this.compressed = directory.resolve("memory.compressed");
        this.decoded = directory.resolve("decoded");
    }

    @AfterAll
    static void close() {
        CODEC.close();
    }

    @ParameterizedTest
    @CsvSource({
        "zstd, -1", "zstd, -9", "zstd, -12", "zstd, --fast=3", "zstd, --long=27", "zstd, --no-check", "zstd, -T2",
        "lz4, --fast=1", "lz4, -9", "lz4, -BD", "lz4, -9 -BD -B4", "lz4, -B4", "lz4, -BX", "lz4, --content-size",
        "lz4, --no-frame-crc", "lz4, -BX -BD -B5",
    })
    void filesWithAContentSizeOrNotAreDecoded(String tool, String options) throws Exception {
        Tool.assumePresent(tool);
        Shape.MIXED.write(raw);
        Tool.run(command(tool, options, "-q -f -k", raw, compressed));

        Decoded back = CODEC.decode(compressed, decoded, Job.standard());

        assertSame(back);
    }

    @ParameterizedTest
    @CsvSource({"zstd, -1", "zstd, -1 --long=27", "lz4, -1", "lz4, -1 -BD"})
    void filesFromAPipeAreDecoded(String tool, String options) throws Exception {
        Tool.assumePresent(tool);
        Shape.MIXED.write(raw);
        Tool.run(raw, compressed.toFile(), (tool + " -q -c " + options).split(" "));

        Decoded back = CODEC.decode(compressed, decoded, Job.standard());

        assertSame(back);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void emptyFilesAreDecoded(Codec codec) throws Exception {
        Tool.assumePresent(Tool.of(codec));
        Shape.EMPTY.write(raw);
        Tool.run(raw, compressed.toFile(), Tool.of(codec), "-q", "-c");

        Decoded back = CODEC.decode(compressed, decoded, Job.standard());

        assertSame(back);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void concatenatedFramesAmongSkippableOnesAreDecoded(Codec codec) throws Exception {
        Tool.assumePresent(Tool.of(codec));
        byte[] content = Shape.MIXED.write(raw);
        Path part = raw.resolveSibling("part");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(skippable(0, 300_000));
        for (int from = 0; from < content.length; from += 3_333_333) {
            Files.write(part, Arrays.copyOfRange(content, from, Math.min(content.length, from + 3_333_333)));
            Tool.run(part, compressed.toFile(), Tool.of(codec), "-q", "-c");
            all.write(Files.readAllBytes(compressed));
            all.write(skippable(15, 0));
        }
        Files.write(compressed, all.toByteArray());

        Decoded back = CODEC.decode(compressed, decoded, Job.standard());

        assertSame(back);
    }

    @Test
    void aWindowBeyondTheLimitIsRefusedForWhatItIs() throws Exception {
        Tool.assumePresent("zstd");
        Shape.MIXED.write(raw);
        Tool.run(raw, compressed.toFile(), "zstd", "-q", "-c", "--ultra", "--long=28", "--zstd=wlog=28");

        assertThatThrownBy(() -> CODEC.decode(compressed, decoded, Job.standard()))
                .isNotInstanceOf(CorruptMemoryException.class)
                .hasMessageContaining("128 MiB");

        assertThat(decoded).doesNotExist();
    }

    @Test
    void theLegacyFormatOfLz4IsRefusedForWhatItIs() throws Exception {
        Tool.assumePresent("lz4");
        Shape.ODD_LENGTH.write(raw);
        Tool.run(raw, compressed.toFile(), "lz4", "-q", "-c", "-l");

        assertThatThrownBy(() -> CODEC.decode(compressed, decoded, Job.standard()))
                .hasMessageContaining("legacy");

        assertThat(decoded).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void cancellationEndsTheDecodingOfAStreamWithinAChunk(Codec codec) throws Exception {
        Tool.assumePresent(Tool.of(codec));
        Shape.MIXED.write(raw);
        Tool.run(raw, compressed.toFile(), Tool.of(codec), "-q", "-c");
        List<Long> toldAfterwards = new ArrayList<>();
        AtomicBoolean cancelled = new AtomicBoolean();
        Job job = Job.standard().withCancellation(cancelled::get).withProgress((done, total) -> {
            if (cancelled.getAndSet(true)) {
                toldAfterwards.add(done);
            }
        });

        assertThatThrownBy(() -> CODEC.decode(compressed, decoded, job)).isInstanceOf(CancellationException.class);

        assertThat(cancelled).isTrue();
        assertThat(toldAfterwards).isEmpty();
        assertThat(decoded).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "plain text, not compressed at all"})
    void otherFilesAreNotDecoded(String content) throws IOException {
        Files.writeString(compressed, content);

        assertThatThrownBy(() -> CODEC.decode(compressed, decoded, Job.standard()))
                .isInstanceOf(CorruptMemoryException.class);

        assertThat(decoded).doesNotExist();
    }

    private void assertSame(Decoded back) throws IOException {
        assertThat(Files.mismatch(raw, decoded)).isEqualTo(-1);
        assertThat(back.rawDigest()).isEqualTo(TreeDigest.of(raw));
        assertThat(SparseFile.allocatedBytes(decoded)).isLessThanOrEqualTo(SparseFile.allocatedBytes(raw));
    }

    private static byte[] skippable(int kind, int length) {
        return ByteBuffer.allocate(8 + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184D2A50 + kind)
                .putInt(length)
                .array();
    }

    private static String[] command(String tool, String options, String common, Path from, Path to) {
        String output = tool.equals("zstd") ? " -o " : " ";
        return (tool + " " + options + " " + common + " " + from + output + to).split(" ");
    }
}
