package dev.snapfork.hypervisor.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A sparse memory file, made of pages as they come; those that follow each other are written together. */
final class PageFile implements RamStream.PageSink, AutoCloseable {
    private static final int RUN_BYTES = 1 << 20;
    private static final ByteBuffer ZERO_PAGE = ByteBuffer.allocateDirect(RamStream.PAGE_BYTES);

    private final FileChannel file;
    private final ByteBuffer run = ByteBuffer.allocateDirect(RUN_BYTES);
    private long runStart;
    private long written;
    private long size;

    PageFile(Path path) throws IOException {
        file = FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public void size(long bytes) {
        size = bytes;
    }

    @Override
    public void page(long offset, byte[] content) throws IOException {
        requireInside(offset);
        if (run.position() > 0 && (offset != runStart + run.position() || !run.hasRemaining())) {
            flush();
        }
        if (run.position() == 0) {
            runStart = offset;
        }
        run.put(content);
    }

    /** Most zeros are where nothing has been written, and stay a hole. */
    @Override
    public void zeros(long offset) throws IOException {
        requireInside(offset);
        if (run.position() > 0) {
            flush();
        }
        if (offset < written) {
            writeFully(ZERO_PAGE.duplicate(), offset);
        }
    }

    private void requireInside(long offset) throws IOException {
        if (offset < 0 || offset > size - RamStream.PAGE_BYTES) {
            throw new IOException("QEMU's state has a page outside of the memory, at " + offset);
        }
    }

    private void flush() throws IOException {
        writeFully(run.flip(), runStart);
        written = Math.max(written, runStart + run.limit());
        run.clear();
    }

    private void writeFully(ByteBuffer bytes, long at) throws IOException {
        var offset = at;
        while (bytes.hasRemaining()) {
            offset += file.write(bytes, offset);
        }
    }

    /**
     * Writes what is left, and gives the file its size.
     *
     * @throws IOException also if no memory has come
     */
    void complete() throws IOException {
        if (run.position() > 0) {
            flush();
        }
        if (size == 0) {
            throw new IOException("QEMU's state has no memory");
        }
        if (file.size() < size) {
            writeFully(ByteBuffer.allocate(1), size - 1);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
