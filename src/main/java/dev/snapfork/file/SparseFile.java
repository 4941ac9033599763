package dev.snapfork.file;

import static dev.snapfork.file.Errno.EINVAL;
import static dev.snapfork.file.Errno.ENOSYS;
import static dev.snapfork.file.Errno.ENOTTY;
import static dev.snapfork.file.Errno.EOPNOTSUPP;
import static dev.snapfork.file.Errno.EPERM;
import static dev.snapfork.file.Errno.EXDEV;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Files with holes: where their data is, what they occupy, and copies that stay sparse. */
public final class SparseFile {
    private static final long FICLONE = 0x40049409L;
    private static final int BLOCK = 512;
    private static final int PROBE_BYTES = 1 << 12;
    private static final Set<Integer> NO_REFLINK = Set.of(EOPNOTSUPP, EXDEV, EINVAL, ENOTTY, ENOSYS, EPERM);

    private SparseFile() {}

    /**
     * All data extents in ascending order. For files that may have very many use {@link DataExtents}.
     *
     * @throws IOException if the file is absent, a symbolic link, or on a file system that cannot tell holes from data
     */
    public static List<Extent> dataExtents(Path path) throws IOException {
        try (DataExtents extents = DataExtents.open(path)) {
            List<Extent> all = new ArrayList<>();
            for (Extent extent = extents.next(); extent != null; extent = extents.next()) {
                all.add(extent);
            }
            return List.copyOf(all);
        }
    }

    /**
     * The bytes that the file occupies, a multiple of 512, as {@code du} counts them. A symbolic link is not followed.
     *
     * @throws IOException if the file is absent
     */
    public static long allocatedBytes(Path path) throws IOException {
        long blocks = Libc.blocks(path);
        if (blocks < 0) {
            throw Errno.failure("statx", (int) -blocks, path);
        }
        return blocks * BLOCK;
    }

    /**
     * Copies a regular file without ever filling its holes: by reflink, else extent by extent. The copy has the same
     * length, mode and modification time. It is not synced. After a failure the target does not exist.
     *
     * @param source a regular file; a symbolic link is refused
     * @param target must not exist
     * @throws FileAlreadyExistsException if it does; it is left as it is
     * @throws IOException also if the file system can neither share blocks nor tell holes from data
     */
    public static CopyMethod copy(Path source, Path target) throws IOException {
        return copy(source, target, Set.of()).method();
    }

    /** As {@link #copy(Path, Path)}, and what is wished for beside. */
    public static Copied copy(Path source, Path target, Set<CopyWish> wishes) throws IOException {
        return copy(source, target, wishes, () -> false);
    }

    /**
     * As {@link #copy(Path, Path, Set)}, but it can be stopped.
     *
     * @param cancelled looked at before each MiB, from two threads
     * @throws java.util.concurrent.CancellationException once that says so; the target does not exist then
     */
    public static Copied copy(Path source, Path target, Set<CopyWish> wishes, BooleanSupplier cancelled)
            throws IOException {
        try (Descriptor from = Descriptor.read(source)) {
            if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(source.toString(), null, "is not a regular file");
            }
            try (Descriptor to = Descriptor.create(target)) {
                Copied copied = fill(from, to, source, target, wishes, cancelled);
                Files.setAttribute(
                        target, "unix:mode", Files.getAttribute(source, "unix:mode", LinkOption.NOFOLLOW_LINKS));
                Files.setLastModifiedTime(target, Files.getLastModifiedTime(source, LinkOption.NOFOLLOW_LINKS));
                return copied;
            } catch (FileAlreadyExistsException theirs) {
                throw theirs;
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(target);
                throw e;
            }
        }
    }

    /**
     * Whether files in this directory can share blocks. Finds out by trying, with two small files that are gone
     * afterwards.
     *
     * @throws IOException if the directory cannot be written
     */
    public static boolean supportsReflink(Path directory) throws IOException {
        Path source = Files.createTempFile(directory, ".reflink-", ".tmp");
        Path target = source.resolveSibling(source.getFileName() + ".copy.tmp");
        try {
            Files.write(source, new byte[PROBE_BYTES]);
            try (Descriptor from = Descriptor.read(source);
                    Descriptor to = Descriptor.create(target)) {
                return reflink(from, to, target);
            }
        } finally {
            Files.deleteIfExists(target);
            Files.deleteIfExists(source);
        }
    }

    private static Copied fill(
            Descriptor from, Descriptor to, Path source, Path target, Set<CopyWish> wishes, BooleanSupplier cancelled)
            throws IOException {
        boolean shared = reflink(from, to, target);
        if (shared && !wishes.contains(CopyWish.DIGEST)) {
            return new Copied(CopyMethod.REFLINK, null);
        }
        try (ChunkPass pass = new ChunkPass(source, from, shared ? null : to, wishes, cancelled)) {
            return new Copied(shared ? CopyMethod.REFLINK : CopyMethod.EXTENTS, pass.run());
        }
    }

    private static boolean reflink(Descriptor from, Descriptor to, Path target) throws IOException {
        long result = Libc.ioctl(to.fd(), FICLONE, from.fd());
        if (result < 0 && !NO_REFLINK.contains((int) -result)) {
            throw Errno.failure("ioctl FICLONE", (int) -result, target);
        }
        return result >= 0;
    }
}
