package dev.snapfork.hypervisor.firecracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTest {
    private Path file = Path.of("");

    @BeforeEach
    void place(@TempDir Path directory) {
        file = directory.resolve("state");
    }

    @Test
    void theChecksumIsTheOneThatFirecrackersOwnDocumentationGives() {
        var bytes = new byte[16];
        Arrays.fill(bytes, (byte) 123);

        assertThat(Crc64.of(bytes, 0)).isEqualTo(0x29D5_3572_1632_6566L);
        assertThat(Crc64.of("123456789".getBytes(StandardCharsets.US_ASCII), 0)).isEqualTo(0xe9c6d914c4b8d9caL);
    }

    @Test
    void whatIsNotAsItWasWrittenIsNoState() throws Exception {
        write("\u0000\u00ff/old/dir/root.raw");
        assertThat(State.read(file)).isPresent();

        var bytes = Files.readAllBytes(file);
        for (var at = 0; at < bytes.length; at++) {
            bytes[at] ^= 1;
            Files.write(file, bytes);
            assertThat(State.read(file)).as("byte %d", at).isEmpty();
            bytes[at] ^= 1;
        }
        Files.write(file, new byte[7]);
        assertThat(State.read(file)).isEmpty();
    }

    @Test
    void pathsBelowTheDirectoryLeadFromHereInAsManyBytesAndAllElseStays() throws Exception {
        write("\u0001\u0080/old/dir/root.raw/old/dir/vsock.sock\u00fe/old/directory/x");

        var state = State.read(file).orElseThrow().relativeFrom(Path.of("/old/dir"));
        state.write(file);

        assertThat(text()).isEqualTo("\u0001\u0080.////////root.raw.////////vsock.sock\u00fe/old/directory/x");
        assertThat(State.read(file)).isPresent();
        assertThat(Path.of("/machine").resolve(".////////root.raw").normalize())
                .isEqualTo(Path.of("/machine/root.raw"));
    }

    @Test
    void aDirectoryWithAnyNameIsFound() throws Exception {
        var name = "/b\u00fccher/\u732b";
        write(new String((name + "/root.raw").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));

        var state = State.read(file).orElseThrow();

        assertThat(state.namesBelowHere("root.raw")).isFalse();
        assertThat(state.relativeFrom(Path.of(name)).namesBelowHere("root.raw")).isTrue();
    }

    @Test
    void aFileIsBelowHereIfNoPathLeadsElsewhere() throws Exception {
        assertThat(below("\u0004root.raw\u0000")).isTrue();
        assertThat(below("\u0004.//root.raw\u0000")).isTrue();
        assertThat(below("root.raw and /root.raw")).isFalse();
        assertThat(below("/root.raw")).isFalse();
        assertThat(below("old/root.raw")).isFalse();
        assertThat(below("nothing")).isFalse();
    }

    private boolean below(String text) throws Exception {
        write(text);
        return State.read(file).orElseThrow().namesBelowHere("root.raw");
    }

    @Test
    void aNameIsReplacedByOneOfItsLengthOnly() throws Exception {
        write("tap sf0123456789abc and sf0123456789abc");
        var state = State.read(file).orElseThrow();

        assertThat(state.all(Pattern.compile("sf[0-9a-f]{13}"))).containsExactly("sf0123456789abc");
        state.with("sf0123456789abc", "sfaaaaaaaaaaaaa").write(file);
        assertThat(text()).isEqualTo("tap sfaaaaaaaaaaaaa and sfaaaaaaaaaaaaa");
        assertThatThrownBy(() -> state.with("sf0123456789abc", "short")).isInstanceOf(IllegalArgumentException.class);
    }

    private void write(String text) throws Exception {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var all = ByteBuffer.allocate(bytes.length + Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(bytes)
                .putLong(Crc64.of(bytes, 0));
        Files.write(file, all.array());
    }

    private String text() throws Exception {
        var bytes = Files.readAllBytes(file);
        return new String(bytes, 0, bytes.length - Long.BYTES, StandardCharsets.ISO_8859_1);
    }
}
