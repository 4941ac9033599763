package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.SparseFile;
import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {
    private static final int MIB = 1 << 20;
    private static final MemoryCodec CODEC = new MemoryCodec(2);

    private final Path directory;
    private final Path raw;
    private final Path compressed;
    private final Path decoded;

    RoundTripTest(@TempDir Path directory) {
        this.directory = directory;
        this.raw = directory.resolve("memory");
        this.compressed = directory.resolve("memory.compressed");
        this.decoded = directory.resolve("decoded");
    }

    @AfterAll
    static void close() {
        CODEC.close();
    }

    static Stream<Arguments> formatsAndShapes() {
        List<Format> everyShape = List.of(
                new Format(Codec.ZSTD, 1),
                new Format(Codec.ZSTD, 4),
                new Format(Codec.LZ4, 0),
                new Format(Codec.LZ4, 9));
        List<Arguments> cases = new ArrayList<>();
        for (Format format : everyShape) {
            for (Shape shape : Shape.values()) {
                cases.add(Arguments.of(format, shape));
            }
        }
        for (Codec codec : Codec.values()) {
            for (int level = codec.minLevel(); level <= codec.maxLevel(); level++) {
                cases.add(Arguments.of(new Format(codec, level), Shape.ODD_LENGTH));
            }
        }
        cases.add(Arguments.of(new Format(Codec.ZSTD, 19), Shape.ENDS_IN_HOLE));
        cases.add(Arguments.of(new Format(Codec.ZSTD, 19), Shape.RANDOM));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("formatsAndShapes")
    void whatIsCompressedDecodesToTheSameSparseFile(Format format, Shape shape) throws Exception {
        byte[] content = shape.write(raw);

        Compressed made = CODEC.compress(raw, compressed, format, Job.standard());
        Decoded back = CODEC.decode(compressed, decoded, Job.standard());

        assertThat(Files.mismatch(raw, decoded)).isEqualTo(-1);
        assertThat(SparseFile.allocatedBytes(decoded)).isLessThanOrEqualTo(SparseFile.allocatedBytes(raw));
        assertThat(made.uncompressedBytes()).isEqualTo(content.length);
        assertThat(made.compressedBytes()).isEqualTo(Files.size(compressed));
        assertThat(made.rawDigest()).isEqualTo(reference(content));
        assertThat(back.uncompressedBytes()).isEqualTo(content.length);
        assertThat(back.rawDigest()).isEqualTo(made.rawDigest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--r-----", "rw-r--r--"})
    void nobodyMayReadTheTargetWhoMayNotReadTheSource(String permissions) throws Exception {
        Shape.MIXED.write(raw);
        Files.setPosixFilePermissions(raw, PosixFilePermissions.fromString(permissions));

        CODEC.compress(raw, compressed, new Format(Codec.LZ4, 0), Job.standard());
        CODEC.decode(compressed, decoded, Job.standard());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(compressed)))
                .isEqualTo(permissions);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(decoded)))
                .isEqualTo(permissions);
    }

    @ParameterizedTest
    @MethodSource("formatsAndShapes")
    void theCommandLineToolsDecodeWhatIsCompressed(Format format, Shape shape) throws Exception {
        String tool = Tool.of(format.codec());
        Tool.assumePresent(tool);
        shape.write(raw);
        Path named = directory.resolve("memory" + format.codec().suffix());

        CODEC.compress(raw, named, format, Job.standard());

        Tool.run(tool, "-q", "-t", named.toString());
        Tool.run(named, decoded.toFile(), tool, "-q", "-d", "-c");
        assertThat(Files.mismatch(raw, decoded)).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void onlyDataCountsAsData(Codec codec) throws IOException {
        Shape.ENDS_IN_HOLE.write(raw);

        Compressed made = CODEC.compress(raw, compressed, new Format(codec, 1), Job.standard());
        Decoded back = CODEC.decode(compressed, decoded, Job.standard());

        assertThat(made.dataBytes()).isEqualTo(3 * MIB);
        assertThat(back.dataBytes()).isEqualTo(3 * MIB);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void zeroPagesThatWereDataBecomeHoles(Codec codec) throws IOException {
        Shape.ZEROS_THAT_ARE_DATA.write(raw);

        CODEC.compress(raw, compressed, new Format(codec, 1), Job.standard());
        Decoded back = CODEC.decode(compressed, decoded, Job.standard());

        assertThat(back.dataBytes()).isZero();
        assertThat(SparseFile.dataExtents(decoded)).isEmpty();
    }

    @Test
    void theFileIsTheSameHoweverManyThreadsMadeIt() throws IOException {
        Shape.MIXED.write(raw);
        Path other = directory.resolve("other");
        Format format = new Format(Codec.ZSTD, 1);

        CODEC.compress(raw, compressed, format, Job.standard());
        try (MemoryCodec single = new MemoryCodec(1)) {
            single.compress(raw, other, format, Job.standard().withoutVerification());
        }

        assertThat(Files.mismatch(compressed, other)).isEqualTo(-1);
        assertThat(TreeDigest.of(compressed)).isEqualTo(TreeDigest.of(other));
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void theFileEndsInASeekTableThatTilesIt(Codec codec) throws IOException {
        Shape.MIXED.write(raw);

        CODEC.compress(raw, compressed, new Format(codec, 1), Job.standard());

        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(compressed)).order(ByteOrder.LITTLE_ENDIAN);
        int end = file.limit();
        assertThat(file.getInt(end - 4)).isEqualTo(0x8F92EAB1);
        int entries = file.getInt(end - 9);
        int table = end - 9 - entries * 8;
        assertThat(file.getInt(table - 8)).isEqualTo(0x184D2A5E);
        assertThat(file.getInt(table - 4)).isEqualTo(entries * 8 + 9);
        long compressedSum = 0;
        long rawSum = 0;
        for (int entry = 0; entry < entries; entry++) {
            compressedSum += file.getInt(table + entry * 8);
            rawSum += file.getInt(table + entry * 8 + 4);
        }
        assertThat(compressedSum).isEqualTo(table - 8);
        assertThat(rawSum).isEqualTo(Files.size(raw));
    }

    private static ContentDigest reference(byte[] content) throws Exception {
        ByteBuffer words =
                ByteBuffer.allocate(8 + 8 * ((content.length + MIB - 1) / MIB)).order(ByteOrder.LITTLE_ENDIAN);
        words.putLong(content.length);
        for (int at = 0; at < content.length; at += MIB) {
            int size = Math.min(MIB, content.length - at);
            words.putLong(XXHashFactory.safeInstance().hash64().hash(content, at, size, 0));
        }
        byte[] root = MessageDigest.getInstance("SHA-256").digest(words.array());
        return new ContentDigest("xxh64-tree-1m:" + HexFormat.of().formatHex(root));
    }
}
