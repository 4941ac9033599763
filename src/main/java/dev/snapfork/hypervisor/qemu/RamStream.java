package dev.snapfork.hypervisor.qemu;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Takes the guest's memory out of a migration stream. A machine whose memory is private to it sends its pages among its device
 * state; here they go to a memory file, and the rest passes as it is. What comes out is the stream of a machine with a memory file of its
 * own, which is loaded with that file mapped.
 *
 * <p>The form is that of QEMU's {@code migration/savevm.c} and {@code ram.c}, versions 5 to 10, without compression, XBZRLE and
 * multifd. Whatever else comes is an error: nothing is guessed.
 */
final class RamStream {
    /** Of the memory backend that the machine's memory is made of. */
    static final String BLOCK = "mem";

    static final int MAGIC = 0x5145564d;
    private static final int VERSION = 3;
    private static final int CONFIGURATION = 0x07;
    private static final int SUBSECTION = 0x05;
    private static final int SECTION_START = 0x01;
    private static final int SECTION_PART = 0x02;
    private static final int SECTION_END = 0x03;
    private static final int SECTION_FOOTER = 0x7e;
    private static final String CAPABILITIES = "configuration/capabilities";
    private static final String RAM = "ram";

    private static final int ZERO = 0x02;
    private static final int SIZES = 0x04;
    private static final int PAGE = 0x08;
    private static final int END_OF_SECTION = 0x10;
    private static final int SAME_BLOCK = 0x20;
    private static final long FLAGS = 0xfff;
    static final int PAGE_BYTES = 4096;
    private static final int LONGEST_TEXT = 1024;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final PageSink memory;
    private final byte[] page = new byte[PAGE_BYTES];
    private String block = "";

    /** Where the pages go. */
    interface PageSink {
        /** @param offset in the memory, a multiple of the page's size; a page may come more than once, the last one counts */
        void page(long offset, byte[] content) throws IOException;

        /** A page of zeros, where another may have been before. */
        void zeros(long offset) throws IOException;

        /** Before any page: the memory's size. */
        void size(long bytes) throws IOException;
    }

    private RamStream(DataInputStream in, DataOutputStream out, PageSink memory) {
        this.in = in;
        this.out = out;
        this.memory = memory;
    }

    /**
     * Splits the stream up to the end of its memory; what is left of {@code in} belongs to {@code out} as it is.
     *
     * @throws IOException if it is not such a stream, or ends early
     */
    static void split(DataInputStream in, DataOutputStream out, PageSink memory) throws IOException {
        var stream = new RamStream(in, out, memory);
        stream.header();
        while (stream.section()) {
            // until the memory is complete
        }
        out.flush();
    }

    private void header() throws IOException {
        if (copyInt() != MAGIC || copyInt() != VERSION) {
            throw new IOException("not QEMU's state, or in a version that is not known");
        }
    }

    /** Whether more of the memory is to come. */
    private boolean section() throws IOException {
        var type = copyByte();
        switch (type) {
            case CONFIGURATION -> copyText(copyInt());
            case SUBSECTION -> subsection();
            case SECTION_START -> {
                copyInt();
                requireRam(copyText(copyByte()));
                copyInt();
                copyInt();
                pages();
            }
            case SECTION_PART -> {
                copyInt();
                pages();
            }
            case SECTION_END -> {
                copyInt();
                pages();
                return false;
            }
            default -> throw new IOException("unknown part of QEMU's state: " + type);
        }
        return true;
    }

    private void subsection() throws IOException {
        var name = copyText(copyByte());
        copyInt();
        if (!name.equals(CAPABILITIES)) {
            throw new IOException("unknown part of QEMU's configuration: " + name);
        }
        for (var left = copyInt(); left > 0; left--) {
            copyText(copyByte());
        }
    }

    private static void requireRam(String name) throws IOException {
        if (!name.equals(RAM)) {
            throw new IOException("QEMU's state has " + name + " where its memory should be");
        }
    }

    /** One section's records and its footer. */
    private void pages() throws IOException {
        while (true) {
            var header = in.readLong();
            var flags = (int) (header & FLAGS);
            var offset = header & ~FLAGS;
            if ((flags & SIZES) != 0) {
                out.writeLong(header);
                sizes(offset);
            } else if ((flags & END_OF_SECTION) != 0) {
                out.writeLong(header);
                footer();
                return;
            } else {
                record(header, flags, offset);
            }
        }
    }

    private void sizes(long total) throws IOException {
        var left = total;
        while (left > 0) {
            var name = copyText(copyByte());
            var length = copyLong();
            // where the block lies in the guest, which is sent if shared memory is left out
            copyLong();
            if (length < 0 || length > left) {
                throw new IOException("QEMU's state has blocks whose sizes are not those of its memory");
            }
            left -= length;
            if (name.equals(BLOCK)) {
                memory.size(length);
            }
        }
    }

    private void record(long header, int flags, long offset) throws IOException {
        var same = (flags & SAME_BLOCK) != 0;
        if (!same) {
            block = readText(in.readUnsignedByte());
        }
        var ours = block.equals(BLOCK);
        if (!ours) {
            out.writeLong(header);
            if (!same) {
                writeText(block);
            }
        }
        switch (flags & ~SAME_BLOCK) {
            case ZERO -> {
                var fill = in.readByte();
                if (fill != 0) {
                    throw new IOException("QEMU's state has a page that is filled with " + fill);
                }
                if (ours) {
                    memory.zeros(offset);
                } else {
                    out.writeByte(fill);
                }
            }
            case PAGE -> {
                in.readFully(page);
                if (ours) {
                    memory.page(offset, page);
                } else {
                    out.write(page);
                }
            }
            default -> throw new IOException("QEMU's state has a record of an unknown kind: " + flags);
        }
    }

    private void footer() throws IOException {
        if (copyByte() != SECTION_FOOTER) {
            throw new IOException("a part of QEMU's state does not end as it should");
        }
        copyInt();
    }

    private int copyByte() throws IOException {
        var value = in.readUnsignedByte();
        out.writeByte(value);
        return value;
    }

    private int copyInt() throws IOException {
        var value = in.readInt();
        out.writeInt(value);
        return value;
    }

    private long copyLong() throws IOException {
        var value = in.readLong();
        out.writeLong(value);
        return value;
    }

    private String copyText(int length) throws IOException {
        var text = readText(length);
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        return text;
    }

    private String readText(int length) throws IOException {
        if (length < 0 || length > LONGEST_TEXT) {
            throw new IOException("QEMU's state has a name of " + length + " characters");
        }
        var text = new byte[length];
        in.readFully(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private void writeText(String text) throws IOException {
        out.writeByte(text.length());
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
