package dev.snapfork.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data of one file once and copies it, hashes it, or both. Large files are worked on by two threads: writers of one
 * file take turns in the kernel, so that more have nothing to do. Each takes a buffer of 1 MiB. Through a buffer is faster here
 * than copying in the kernel page by page, and the content can be hashed on its way.
 */
final class ChunkPass implements AutoCloseable {
    private static final int CHUNK = TreeDigest.CHUNK_BYTES;
    private static final long LARGE = 16L << 20;

    private final Path source;
    private final Descriptor from;
    private final @Nullable Descriptor to;
    private final boolean writeBack;
    private final BooleanSupplier cancelled;
    private final TreeDigest.@Nullable Builder digest;
    private final DataExtents extents;
    private final long length;
    private @Nullable Extent rest;
    private long nextChunk;
    private boolean ended;
    private @Nullable Throwable failure;

    /**
     * Opens the source's extents.
     *
     * @param to holes in it stay holes; null to hash only
     * @param cancelled looked at before each chunk
     */
    ChunkPass(Path source, Descriptor from, @Nullable Descriptor to, Set<CopyWish> wishes, BooleanSupplier cancelled)
            throws IOException {
        this.cancelled = cancelled;
        this.source = source;
        this.from = from;
        this.to = to;
        this.digest = wishes.contains(CopyWish.DIGEST) ? new TreeDigest.Builder() : null;
        this.extents = DataExtents.open(source);
        this.length = extents.length();
        // a small file is synced at once: to write it back before is one more turn of the disk
        this.writeBack = wishes.contains(CopyWish.WRITE_BACK) && length > CHUNK;
    }

    /** Returns the digest if that was wished for. */
    @Nullable
    ContentDigest run() throws IOException {
        if (to != null) {
            to.truncate(length);
        }
        rest = extents.next();
        if (SparseFile.allocatedBytes(source) < LARGE) {
            work();
        } else {
            var helper = Thread.ofPlatform().daemon().name("copy").start(this::work);
            work();
            join(helper);
        }
        switch (failure) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {
                return digest == null ? null : digest.build(length);
            }
        }
    }

    /** Returns when the helper has ended, which takes no longer than its last chunk. */
    private void join(Thread helper) {
        var interrupted = false;
        while (helper.isAlive()) {
            try {
                helper.join();
            } catch (InterruptedException e) {
                interrupted = true;
                fail(new InterruptedIOException("copying was interrupted"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A stretch of the file with what of it is data. */
    private record Chunk(long index, List<Extent> data) {}

    private void work() {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(Math.clamp(length, 1, CHUNK));
            for (var chunk = next(); chunk != null; chunk = next()) {
                handle(chunk, buffer);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    private synchronized void fail(Throwable e) {
        failure = failure == null ? e : failure;
        ended = true;
    }

    private synchronized @Nullable Chunk next() throws IOException {
        if (ended) {
            return null;
        }
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("copying was cancelled: " + source);
        }
        var index = rest == null ? TreeDigest.chunks(length) : rest.offset() / CHUNK;
        if (digest != null) {
            digest.putZeros(nextChunk, index - nextChunk, length);
        }
        nextChunk = index + 1;
        ended = rest == null;
        return ended ? null : new Chunk(index, dataBefore(Math.min(nextChunk * CHUNK, length)));
    }

    private List<Extent> dataBefore(long end) throws IOException {
        var data = new ArrayList<Extent>();
        while (rest != null && rest.offset() < end) {
            var extent = rest;
            if (extent.end() <= end) {
                data.add(extent);
                rest = extents.next();
            } else {
                data.add(new Extent(extent.offset(), end - extent.offset()));
                rest = new Extent(end, extent.end() - end);
            }
        }
        return data;
    }

    private void handle(Chunk chunk, MemorySegment buffer) throws IOException {
        var start = chunk.index() * CHUNK;
        var size = Math.min(CHUNK, length - start);
        if (digest != null && chunk.data().getFirst().length() < size) {
            buffer.fill((byte) 0);
        }
        for (var extent : chunk.data()) {
            read(extent, buffer.asSlice(extent.offset() - start, extent.length()));
        }
        if (digest != null) {
            digest.put(chunk.index(), TreeDigest.hash(buffer.asByteBuffer(), 0, (int) size));
        }
        if (to != null) {
            for (var extent : chunk.data()) {
                to.writeFully(
                        buffer.asSlice(extent.offset() - start, extent.length()), extent.length(), extent.offset());
            }
            if (writeBack) {
                to.startWriteBack(start, size);
            }
        }
    }

    private void read(Extent extent, MemorySegment into) throws IOException {
        for (var done = 0L; done < extent.length(); ) {
            var read = from.read(into.asSlice(done), extent.length() - done, extent.offset() + done);
            if (read == 0) {
                throw new FileSystemException(source.toString(), null, "became shorter while it was copied");
            }
            done += read;
        }
    }

    @Override
    public void close() {
        extents.close();
    }
}
