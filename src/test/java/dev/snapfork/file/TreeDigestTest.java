package dev.snapfork.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeDigestTest {
    private static final int MIB = 1 << 20;

    private final Path directory;

    TreeDigestTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, MIB - 1, MIB, MIB + 1, 3 * MIB, 5 * MIB + 12345})
    void theDigestIsTheDefinedOne(int length) throws Exception {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);

        assertThat(TreeDigest.of(file)).isEqualTo(reference(content));
    }

    @Test
    void holesDigestAsZeros() throws Exception {
        byte[] content = new byte[9 * MIB + 100];
        new Random(3).nextBytes(content);
        for (int[] hole : new int[][] {{0, MIB + 8192}, {3 * MIB, 5 * MIB}, {6 * MIB + 4096, content.length}}) {
            Arrays.fill(content, hole[0], hole[1], (byte) 0);
        }
        Path file = directory.resolve("file");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(content.length);
            for (int at = 0; at < content.length; at += 4096) {
                if (content[at] != 0 || content[Math.min(at + 1, content.length - 1)] != 0) {
                    out.seek(at);
                    out.write(content, at, Math.min(4096, content.length - at));
                }
            }
        }

        assertThat(TreeDigest.of(file)).isEqualTo(reference(content));
    }

    @Test
    void holesAreNotRead() throws IOException {
        Path file = directory.resolve("file");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(1L << 40);
            out.seek(1L << 39);
            out.write(1);
        }

        // Reading a tebibyte of holes would take minutes; the build's own limit on test time would notice.
        assertThat(TreeDigest.of(file)).isNotEqualTo(TreeDigest.of(directory.resolve(emptyFile())));
    }

    @Test
    void theOrderOfChunksDoesNotMatter() throws Exception {
        byte[] content = new byte[7 * MIB + 5];
        new Random(11).nextBytes(content);
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
        Collections.shuffle(order, new Random(12));
        TreeDigest.Builder builder = new TreeDigest.Builder();
        ByteBuffer buffer = ByteBuffer.wrap(content);

        for (int index : order) {
            int start = index * MIB;
            builder.put(index, TreeDigest.hash(buffer, start, Math.min(MIB, content.length - start)));
        }

        assertThat(builder.build(content.length)).isEqualTo(reference(content));
    }

    @Test
    void aForgottenRepeatedOrSurplusChunkIsAnError() {
        TreeDigest.Builder forgotten = new TreeDigest.Builder();
        forgotten.put(1, 5);
        TreeDigest.Builder surplus = new TreeDigest.Builder();
        surplus.put(0, 5);
        surplus.put(1, 5);

        assertThatThrownBy(() -> forgotten.build(2 * MIB)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> forgotten.put(1, 6)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> surplus.build(MIB)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void lengthIsPartOfTheDigest() throws IOException {
        Path one = Files.write(directory.resolve("one"), new byte[1]);
        Path two = Files.write(directory.resolve("two"), new byte[2]);

        assertThat(TreeDigest.of(one)).isNotEqualTo(TreeDigest.of(two));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xxh64-tree-1m:", "sha256:00", "xxh64-tree-1m:ABCDEF"})
    void onlyTheTextFormIsADigest(String text) {
        assertThatThrownBy(() -> new ContentDigest(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private Path emptyFile() throws IOException {
        return Files.createFile(directory.resolve("empty"));
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
