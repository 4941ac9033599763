package dev.snapfork.memory;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.WriteBack;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.Function;

/**
 * Compresses memory files into standard zstd and lz4 files, and decodes such files, whoever made them, back into sparse
 * ones. Its own files are many small frames, coded in parallel; holes are neither read nor written. Whoever may read the
 * source may read the target, and nobody else: memory holds secrets.
 *
 * <p>Any number of jobs may run at once; they share the threads and the memory. Decodings come before compressions, which give
 * way within a frame but are never starved; jobs of one class take turns frame by frame. Memory is bounded whatever the files:
 * outside the heap a frame (1 MiB; 4 MiB for zstd from level 4 on) for each one in flight in either class, of those of 16 MiB (zstd
 * from level 16 on) one for each thread and one more, and three for each thread, beside zstd's own tables; in the heap 20 bytes for
 * each MiB of a file.
 */
public final class MemoryCodec implements AutoCloseable {
    private static final int FRAMES_PER_THREAD = 4;

    private final Workshop workshop;
    private final Function<Codec, FrameCoder> coders;
    private final Cadence cadence;

    /**
     * A codec with four frames in flight for each thread.
     *
     * @param threads 1 or more
     */
    public MemoryCodec(int threads) {
        this(threads, threads * FRAMES_PER_THREAD);
    }

    /**
     * A codec of a given size.
     *
     * @param threads 1 or more
     * @param framesInFlight how many frames of either class may be read but not yet written; at least the number of threads
     */
    public MemoryCodec(int threads, int framesInFlight) {
        this(threads, framesInFlight, FrameCoder::of);
    }

    MemoryCodec(int threads, int framesInFlight, Function<Codec, FrameCoder> coders) {
        this(threads, framesInFlight, coders, Pace.of(0), Cadence.STANDARD);
    }

    MemoryCodec(int threads, int framesInFlight, Function<Codec, FrameCoder> coders, Pace pace, Cadence cadence) {
        if (threads < 1 || framesInFlight < threads) {
            throw new IllegalArgumentException(threads + " threads, " + framesInFlight + " frames in flight");
        }
        this.workshop = new Workshop(threads, framesInFlight, pace);
        this.coders = coders;
        this.cadence = cadence;
    }

    /**
     * A codec that holds its compressions back.
     *
     * @param threads 1 or more
     * @param bytesPerSecond how much data of raw files all compressions together take on, holes not counted; 0 for no limit
     */
    public static MemoryCodec limited(int threads, long bytesPerSecond) {
        return new MemoryCodec(
                threads, threads * FRAMES_PER_THREAD, FrameCoder::of, Pace.of(bytesPerSecond), Cadence.STANDARD);
    }

    /**
     * Compresses a file. The raw file must not change meanwhile. After a failure or a cancellation the target does not
     * exist, unless the job can be resumed and says that it is to be kept.
     *
     * @param raw a regular file on a file system that can tell holes from data; a symbolic link is refused
     * @param target must not exist, except for a job that can be resumed: then what is there is what an earlier run left
     * @throws java.nio.file.FileAlreadyExistsException if it does; it is left as it is
     * @throws java.util.concurrent.CancellationException if the job was cancelled
     * @throws IOException if reading or writing failed, or a frame did not decode to its source
     */
    public Compressed compress(Path raw, Path target, Format format, Job job) throws IOException {
        FrameCoder coder = coders.apply(format.codec());
        workshop.enter();
        try (FileChannel source = open(raw);
                Draft draft = Draft.open(target, format, source.size(), job.resume(), cadence)) {
            try {
                return Compression.run(workshop, coder, format, raw, source, draft, job);
            } catch (IOException | RuntimeException | Error e) {
                draft.abandon();
                throw e;
            }
        } finally {
            workshop.leave();
        }
    }

    /**
     * Decodes a zstd or lz4 file, told apart by content. All checksums are verified. Pages of zeros become holes. After
     * a failure or a cancellation the target does not exist.
     *
     * <p>Files that this codec did not write are decoded by the calling thread alone. Not supported are
     * dictionaries, zstd windows of more than 128 MiB, and lz4's legacy format.
     *
     * @param compressed a symbolic link is refused
     * @param target must not exist
     * @throws java.nio.file.FileAlreadyExistsException if it does; it is left as it is
     * @throws java.util.concurrent.CancellationException if the job was cancelled
     * @throws CorruptMemoryException if the file is damaged, cut off, followed by something else, or no such file
     * @throws IOException otherwise
     */
    public Decoded decode(Path compressed, Path target, Job job) throws IOException {
        workshop.enter();
        try (FileChannel source = open(compressed)) {
            DiskFaults.before(Step.DISK_CREATE);
            Files.createFile(target, Draft.OWNER_ONLY);
            try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw");
                    WriteBack writeBack = WriteBack.of(target)) {
                Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(compressed));
                return Decoding.run(workshop, source, file, writeBack, job);
            } catch (IOException | RuntimeException | Error e) {
                Files.deleteIfExists(target);
                throw e;
            }
        } finally {
            workshop.leave();
        }
    }

    /**
     * Decodes a file as {@link #decode} does and writes it nowhere: tells whether it can be decoded, and to what.
     *
     * @throws CorruptMemoryException if it cannot
     * @throws java.util.concurrent.CancellationException if the job was cancelled
     */
    public Decoded check(Path compressed, Job job) throws IOException {
        workshop.enter();
        try (FileChannel source = open(compressed)) {
            return Decoding.check(workshop, source, job);
        } finally {
            workshop.leave();
        }
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Ends running jobs, which fail, and frees threads and native memory.
     *
     * @throws IllegalStateException if a job does not end within a minute; its memory is not freed then
     */
    @Override
    public void close() {
        workshop.close();
    }
}
