package dev.snapfork.hypervisor.qemu;

import static dev.snapfork.hypervisor.qemu.Sent.DATA;
import static dev.snapfork.hypervisor.qemu.Sent.SAME;
import static dev.snapfork.hypervisor.qemu.Sent.TAIL;
import static dev.snapfork.hypervisor.qemu.Sent.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams made by hand, after QEMU's {@code savevm.c} and {@code ram.c}. */
class RamStreamTest {
    private static final int PAGE = RamStream.PAGE_BYTES;

    private static byte[] page(int fill) {
        var page = new byte[PAGE];
        Arrays.fill(page, (byte) fill);
        return page;
    }

    private static Sent begun() throws IOException {
        return new Sent()
                .header()
                .start("ram")
                .sizes(10L * PAGE)
                .block(RamStream.BLOCK, 8L * PAGE)
                .block("pc.bios", 2L * PAGE);
    }

    private static Sent complete() throws IOException {
        return begun().footer()
                .part(0x02)
                .ours(0, DATA, page(1))
                .ours(PAGE, DATA | SAME, page(2))
                .ours(2 * PAGE, ZERO | SAME, new byte[1])
                .others(0, DATA, page(7))
                .others(PAGE, ZERO | SAME, new byte[1])
                .ours(5 * PAGE, DATA, page(3))
                .footer()
                .part(0x02)
                .ours(PAGE, ZERO, new byte[1])
                .footer()
                .part(0x02)
                .ours(0, DATA, page(9))
                .ours(3 * PAGE, DATA | SAME, page(4))
                .footer()
                .part(0x03)
                .ours(5 * PAGE, DATA, page(5))
                .others(PAGE, DATA, page(8))
                .footer()
                .tail();
    }

    private static byte[] split(byte[] stream, Path memory) throws IOException {
        var rest = new ByteArrayOutputStream();
        try (var pages = new PageFile(memory)) {
            var in = new DataInputStream(new ByteArrayInputStream(stream));
            RamStream.split(in, new DataOutputStream(rest), pages);
            in.transferTo(rest);
            pages.complete();
        }
        return rest.toByteArray();
    }

    @Test
    void theMemoryGoesToItsFileAndTheRestStaysToTheLastByte(@TempDir Path directory) throws IOException {
        var stream = complete();
        var memory = directory.resolve("memory");

        var rest = split(stream.bytes(), memory);

        assertThat(rest).isEqualTo(stream.rest()).endsWith(TAIL);
        var expected = new ByteArrayOutputStream();
        for (var fill : new int[] {9, 0, 0, 4, 0, 5, 0, 0}) {
            expected.write(page(fill));
        }
        assertThat(Files.readAllBytes(memory)).isEqualTo(expected.toByteArray());
    }

    @Test
    void whatComesOutIsAStreamAgainThatHasNoMemory(@TempDir Path directory) throws IOException {
        var rest = split(complete().bytes(), directory.resolve("memory"));

        assertThat(split(rest, directory.resolve("nothing"))).isEqualTo(rest);
        assertThat(directory.resolve("nothing")).hasBinaryContent(new byte[8 * PAGE]);
    }

    @Test
    void whereverItEndsItIsNoState(@TempDir Path directory) throws IOException {
        var bytes = complete().bytes();
        var end = bytes.length - TAIL.length;

        for (var length = 0; length < end; length += length < 300 || length > end - 300 ? 1 : 97) {
            var cut = Arrays.copyOf(bytes, length);
            var memory = directory.resolve("memory-" + length);
            assertThatThrownBy(() -> split(cut, memory))
                    .as("the first %d bytes of %d", length, end)
                    .isInstanceOf(IOException.class);
            Files.deleteIfExists(memory);
        }
    }

    static Stream<Arguments> wrong() throws IOException {
        return Stream.of(
                Arguments.of("magic", new Sent().word(0x5145564e).word(3), "not QEMU's state"),
                Arguments.of("version", new Sent().word(0x5145564d).word(2), "version that is not known"),
                Arguments.of("another section", new Sent().header().start("block"), "block where its memory"),
                Arguments.of("a part of no kind", new Sent().header().part(0x06), "unknown part of QEMU's state: 6"),
                Arguments.of(
                        "a subsection of no kind",
                        new Sent()
                                .magic()
                                .kind(0x05)
                                .name("configuration/paint")
                                .word(1),
                        "configuration/paint"),
                Arguments.of("a compressed page", begun().ours(0, 0x100, page(1)), "unknown kind: 256"),
                Arguments.of("a page by XBZRLE", begun().ours(0, 0x40, page(1)), "unknown kind: 64"),
                Arguments.of("multifd's flush", begun().ours(0, 0x200, page(1)), "unknown kind: 512"),
                Arguments.of("two kinds at once", begun().ours(0, ZERO | DATA, page(1)), "unknown kind: 10"),
                Arguments.of("a page filled with ones", begun().ours(0, ZERO, new byte[] {1}), "filled with 1"),
                Arguments.of("a page past the end", begun().ours(8 * PAGE, DATA, page(1)), "outside of the memory"),
                Arguments.of("zeros past the end", begun().ours(8 * PAGE, ZERO, new byte[1]), "outside of the memory"),
                Arguments.of(
                        "a page before the start",
                        begun().ours(Long.MIN_VALUE, DATA, page(1)),
                        "outside of the memory"),
                Arguments.of(
                        "a page at the end of all numbers",
                        begun().ours(Long.MAX_VALUE & -PAGE, DATA, page(1)),
                        "outside of the memory"),
                Arguments.of(
                        "a page before the size",
                        new Sent().header().start("ram").ours(0, DATA, page(1)),
                        "outside of the memory"),
                Arguments.of(
                        "blocks that are larger than all",
                        new Sent().header().start("ram").sizes(PAGE).block(RamStream.BLOCK, 2 * PAGE),
                        "sizes"),
                Arguments.of(
                        "a block of a size below nothing",
                        new Sent().header().start("ram").sizes(PAGE).block("x", -PAGE),
                        "sizes"),
                Arguments.of(
                        "no memory",
                        new Sent()
                                .header()
                                .start("ram")
                                .sizes(PAGE)
                                .block("pc.bios", PAGE)
                                .footer()
                                .part(3)
                                .footer(),
                        "has no memory"),
                Arguments.of("a footer of no kind", begun().end().part(0x7f), "does not end as it should"),
                Arguments.of(
                        "a name that is too long", new Sent().magic().kind(0x07).word(1025), "a name of 1025"),
                Arguments.of(
                        "a name of less than nothing",
                        new Sent().magic().kind(0x07).word(-1),
                        "a name of -1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void whatIsNotKnownIsAnError(String what, Sent stream, String message, @TempDir Path directory) throws IOException {
        stream.tail();

        assertThatThrownBy(() -> split(stream.bytes(), directory.resolve("memory")))
                .as(what)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }
}
