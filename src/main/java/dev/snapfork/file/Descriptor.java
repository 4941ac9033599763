package dev.snapfork.file;

import static dev.snapfork.file.Errno.EINVAL;
import static dev.snapfork.file.Errno.ELOOP;
import static dev.snapfork.file.Errno.ENXIO;
import static dev.snapfork.file.Errno.EOPNOTSUPP;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Step;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Set;

/** An open file of the kernel's, for the calls that a FileChannel does not offer. Closed once, by its owner. */
final class Descriptor implements AutoCloseable {
    private static final boolean ARM = Set.of("aarch64", "arm64").contains(System.getProperty("os.arch"));
    private static final int O_WRONLY = 1;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
    private static final int O_DIRECT = ARM ? 0x10000 : 0x4000;
    private static final int OWNER_ONLY = 0600;

    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private static final int SYNC_FILE_RANGE_WRITE = 2;

    private final int fd;
    private final Path path;

    private Descriptor(int fd, Path path) {
        this.fd = fd;
        this.path = path;
    }

    /** Opens for reading; a symbolic link is refused, and a pipe that nobody writes to does not block. */
    static Descriptor read(Path path) throws IOException {
        return open(path, O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    }

    /**
     * As {@link #read(Path)}, past the page cache where the file system can do that: then buffers, offsets and lengths are to be
     * multiples of 4096.
     */
    static Descriptor readDirect(Path path) throws IOException {
        long fd = Libc.open(path, O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | O_DIRECT, OWNER_ONLY);
        return fd == -EINVAL ? read(path) : opened(path, fd);
    }

    /** Creates for writing, readable by its owner only; whatever has that name already is refused. */
    static Descriptor create(Path path) throws IOException {
        DiskFaults.before(Step.DISK_CREATE);
        return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW);
    }

    private static Descriptor open(Path path, int flags) throws IOException {
        return opened(path, Libc.open(path, flags, OWNER_ONLY));
    }

    private static Descriptor opened(Path path, long fd) throws IOException {
        if (fd == -ELOOP) {
            throw new FileSystemException(path.toString(), null, "open: is a symbolic link, which is not followed");
        }
        if (fd < 0) {
            throw Errno.failure("open", (int) -fd, path);
        }
        return new Descriptor((int) fd, path);
    }

    int fd() {
        return fd;
    }

    long length() throws IOException {
        return checked("lseek", Libc.lseek(fd, 0, SEEK_END));
    }

    /** The first offset at or after {@code from} that holds data, or -1 if only a hole follows. */
    long dataFrom(long from) throws IOException {
        long at = Libc.lseek(fd, from, SEEK_DATA);
        return at == -ENXIO ? -1 : holesSupported(at);
    }

    /** The first offset at or after {@code from} in a hole; the end of the file counts as one. */
    long holeFrom(long from) throws IOException {
        return holesSupported(Libc.lseek(fd, from, SEEK_HOLE));
    }

    private long holesSupported(long result) throws IOException {
        if (result == -EINVAL || result == -EOPNOTSUPP) {
            throw new FileSystemException(
                    path.toString(), null, "the file system cannot tell holes from data (SEEK_DATA)");
        }
        return checked("lseek", result);
    }

    void truncate(long length) throws IOException {
        checked("ftruncate", Libc.ftruncate(fd, length));
    }

    int read(MemorySegment into, long bytes, long offset) throws IOException {
        DiskFaults.before(Step.DISK_READ);
        return (int) checked("pread", Libc.pread(fd, into, bytes, offset));
    }

    void writeFully(MemorySegment from, long bytes, long offset) throws IOException {
        DiskFaults.before(Step.DISK_WRITE);
        for (long done = 0; done < bytes; ) {
            done += checked("pwrite", Libc.pwrite(fd, from.asSlice(done), bytes - done, offset + done));
        }
    }

    /** Has the kernel begin to write a range to the disk. It may decline; only a sync tells what is on the disk. */
    void startWriteBack(long offset, long bytes) {
        var unused = Libc.syncFileRange(fd, offset, bytes, SYNC_FILE_RANGE_WRITE);
    }

    private long checked(String call, long result) throws IOException {
        if (result < 0) {
            throw Errno.failure(call, (int) -result, path);
        }
        return result;
    }

    /** {@inheritDoc} Errors are left unsaid: what must be durable was synced before. */
    @Override
    public void close() {
        Libc.close(fd);
    }
}
