package dev.snapfork.hypervisor.qemu;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A stream by hand, as QEMU would send it: written twice, once all of it and once without the memory. */
final class Sent {
    static final int ZERO = 0x02;
    static final int DATA = 0x08;
    static final int SAME = 0x20;
    static final byte[] TAIL = "devices, and the end of the file".getBytes(ISO_8859_1);
    private static final int SIZES = 0x04;
    private static final int END = 0x10;

    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private final DataOutputStream both = new DataOutputStream(new Both(whole, rest));
    private final DataOutputStream memory = new DataOutputStream(whole);

    Sent header() throws IOException {
        return magic().configuration();
    }

    Sent magic() throws IOException {
        return word(0x5145564d).word(3);
    }

    Sent kind(int kind) throws IOException {
        both.writeByte(kind);
        return this;
    }

    Sent end() throws IOException {
        both.writeLong(END);
        return this;
    }

    private Sent configuration() throws IOException {
        both.writeByte(0x07);
        word(10);
        both.write("pc-q35-7.2".getBytes(ISO_8859_1));
        both.writeByte(0x05);
        name("configuration/capabilities").word(1).word(2).name("x-ignore-shared");
        return name("validate-uuid");
    }

    Sent word(int value) throws IOException {
        both.writeInt(value);
        return this;
    }

    Sent name(String name) throws IOException {
        both.writeByte(name.length());
        both.write(name.getBytes(ISO_8859_1));
        return this;
    }

    Sent start(String what) throws IOException {
        both.writeByte(0x01);
        return word(2).name(what).word(0).word(4);
    }

    Sent part(int kind) throws IOException {
        both.writeByte(kind);
        return word(2);
    }

    Sent sizes(long total) throws IOException {
        both.writeLong(total | SIZES);
        return this;
    }

    Sent block(String name, long length) throws IOException {
        name(name);
        both.writeLong(length);
        both.writeLong(0xc0000000L);
        return this;
    }

    Sent footer() throws IOException {
        both.writeLong(END);
        both.writeByte(0x7e);
        return word(2);
    }

    Sent page(DataOutputStream to, long offset, int flags, String block, byte[] content) throws IOException {
        to.writeLong(offset | flags);
        if ((flags & SAME) == 0) {
            to.writeByte(block.length());
            to.write(block.getBytes(ISO_8859_1));
        }
        to.write(content);
        return this;
    }

    Sent ours(long offset, int flags, byte[] content) throws IOException {
        return page(memory, offset, flags, RamStream.BLOCK, content);
    }

    Sent others(long offset, int flags, byte[] content) throws IOException {
        return page(both, offset, flags, "pc.bios", content);
    }

    Sent tail() throws IOException {
        both.write(TAIL);
        return this;
    }

    byte[] bytes() {
        return whole.toByteArray();
    }

    /** What is left without the memory. */
    byte[] rest() {
        return rest.toByteArray();
    }

    private static final class Both extends OutputStream {
        private final ByteArrayOutputStream one;
        private final ByteArrayOutputStream other;

        Both(ByteArrayOutputStream one, ByteArrayOutputStream other) {
            this.one = one;
            this.other = other;
        }

        @Override
        public void write(int b) {
            one.write(b);
            other.write(b);
        }
    }
}
