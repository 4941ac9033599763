package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.CopyWish;
import dev.snapfork.file.SparseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Copies an instance's directory: by reflink where the filesystem has it, else the data extents alone. Left out are
 * {@code logs/}, sockets, names that end in {@code .tmp}, and what the selection leaves out. Links are copied as links.
 */
public final class TreeCopy {
    private static final String LOGS = "logs";
    private static final String TEMPORARY = ".tmp";

    private final Path source;
    private final Selection selection;
    private final CopyProgress progress;
    private final Set<CopyWish> wishes;
    private final BooleanSupplier cancelled;
    private final List<PayloadFile> files = new ArrayList<>();
    private long copiedBytes;

    private TreeCopy(
            Path source, Selection selection, CopyProgress progress, Set<CopyWish> wishes, BooleanSupplier cancelled) {
        this.source = source;
        this.selection = selection;
        this.progress = progress;
        this.wishes = wishes;
        this.cancelled = cancelled;
    }

    /**
     * Copies the tree; nothing is synced yet.
     *
     * @param target made if it is not there, in a directory that is; takes the source's mode
     * @return the copied regular files, without digests
     * @throws CancellationException before the next file or MiB, once {@code cancelled} says so
     * @throws IOException naming the path, also where it is a named pipe or a device; as after a cancellation the target is
     *     incomplete and the caller's to remove
     */
    public static List<PayloadFile> copy(
            Path source, Path target, Selection selection, CopyProgress progress, BooleanSupplier cancelled)
            throws IOException {
        return copy(source, target, selection, progress, EnumSet.of(CopyWish.WRITE_BACK), cancelled);
    }

    /** As {@link #copy}, with the digest of each file; its data is read once. */
    public static List<PayloadFile> copyDigested(
            Path source, Path target, Selection selection, CopyProgress progress, BooleanSupplier cancelled)
            throws IOException {
        return copy(source, target, selection, progress, EnumSet.of(CopyWish.WRITE_BACK, CopyWish.DIGEST), cancelled);
    }

    private static List<PayloadFile> copy(
            Path source,
            Path target,
            Selection selection,
            CopyProgress progress,
            Set<CopyWish> wishes,
            BooleanSupplier cancelled)
            throws IOException {
        requireDirectory(source);
        var copy = new TreeCopy(source, selection, progress, wishes, cancelled);
        copy.directory(source, target);
        return List.copyOf(copy.files);
    }

    /** Bytes of data that a copy would handle, holes not counted: the total that goes with {@link CopyProgress}. */
    public static long dataBytes(Path source, Selection selection) throws IOException {
        requireDirectory(source);
        return new TreeCopy(source, selection, CopyProgress.UNHEARD, Set.of(), () -> false).measure(source);
    }

    private static void requireDirectory(Path source) throws IOException {
        if (!Files.exists(source, NOFOLLOW_LINKS)) {
            // deleted meanwhile, perhaps: told as what it is, so that it can be looked for again
            throw new NoSuchFileException(source.toString());
        }
        if (!Files.isDirectory(source, NOFOLLOW_LINKS)) {
            throw new IOException(source.getFileName() + " is not a directory");
        }
    }

    private void directory(Path from, Path to) throws IOException {
        if (!Files.isDirectory(to, NOFOLLOW_LINKS)) {
            // never a directory above it: whoever took that away did so to stop this copy
            DiskFaults.before(Step.DISK_CREATE);
            Files.createDirectory(to);
        }
        for (var entry : Filesystems.entries(from, this::isWanted)) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("copying was cancelled before " + entry);
            }
            var place = to.resolve(entry.getFileName());
            switch (FileKind.of(entry)) {
                case DIRECTORY -> directory(entry, place);
                case FILE -> file(entry, place);
                case LINK -> Files.createSymbolicLink(place, Files.readSymbolicLink(entry));
                case SOCKET -> {
                    // belongs to a process, not to the machine
                }
                case SPECIAL -> throw new IOException("a named pipe or device cannot be copied: " + entry);
            }
        }
        // last: a directory that may not be written to has to be filled first
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from, NOFOLLOW_LINKS));
    }

    private void file(Path from, Path to) throws IOException {
        if (!source.resolve(relative(from)).equals(from)) {
            throw new IOException("a manifest cannot name a file whose name is not text: " + relative(from));
        }
        var copied = SparseFile.copy(from, to, wishes, cancelled);
        files.add(new PayloadFile(relative(from), Files.size(to), copied.digest()));
        copiedBytes += SparseFile.allocatedBytes(from);
        progress.copied(copiedBytes);
    }

    private long measure(Path directory) throws IOException {
        var bytes = 0L;
        for (var entry : Filesystems.entries(directory, this::isWanted)) {
            bytes += switch (FileKind.of(entry)) {
                case DIRECTORY -> measure(entry);
                case FILE -> SparseFile.allocatedBytes(entry);
                case LINK, SOCKET, SPECIAL -> 0;
            };
        }
        return bytes;
    }

    /** Whether a copy of the tree has a file that lies there: neither it nor a directory above it is left out. */
    public static boolean includes(String path, Selection selection) {
        for (var end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
            if (!isWanted(path.substring(0, end), selection)) {
                return false;
            }
        }
        return isWanted(path, selection);
    }

    private static boolean isWanted(String path, Selection selection) {
        return !path.equals(LOGS) && !path.equals(Layout.LIVE) && !path.endsWith(TEMPORARY) && selection.includes(path);
    }

    private boolean isWanted(Path entry) {
        return isWanted(relative(entry), selection);
    }

    private String relative(Path entry) {
        return source.relativize(entry).toString();
    }
}
