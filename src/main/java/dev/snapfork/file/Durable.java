package dev.snapfork.file;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes that survive a power cut once the call has returned. */
public final class Durable {
    private Durable() {}

    /**
     * Forces a file's content and attributes to the disk. A symbolic link is refused.
     *
     * @throws IOException if that failed; what of the file is on the disk is then unknown, and trying again proves
     *     nothing
     */
    public static void fsync(Path file) throws IOException {
        force(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Forces a directory's entries to the disk: names created, renamed and removed in it. */
    public static void fsyncDirectory(Path directory) throws IOException {
        force(directory, Set.of(StandardOpenOption.READ));
    }

    /** Forces all regular files below a directory, then its directories from the bottom up, itself last. */
    public static void fsyncTree(Path root) throws IOException {
        fsyncTree(root, directory -> false);
    }

    /**
     * As {@link #fsyncTree(Path)}.
     *
     * @param passedOver directories of which nothing is forced to the disk but their names
     */
    public static void fsyncTree(Path root, Predicate<Path> passedOver) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return passedOver.test(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    fsync(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                fsyncDirectory(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /**
     * Puts a finished file in the place of another: syncs it, renames it over the target, syncs the directory. After a
     * crash the target is the old or the new, whole. After an exception it is one of the two as well; the sibling may
     * or may not be left.
     *
     * @param sibling the new file, on the target's filesystem
     */
    public static void replace(Path sibling, Path target) throws IOException {
        fsync(sibling);
        move(sibling, target);
        fsyncDirectory(directoryOf(target));
    }

    /** Renames over whatever has the name; syncs nothing. */
    public static void move(Path from, Path to) throws IOException {
        DiskFaults.before(Step.DISK_RENAME);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Replaces a file's content, or creates it, as {@link #replace} does. Nothing is left beside the target, whether
     * the call succeeds or fails; a crash may leave a hidden file that ends in {@code .tmp}.
     */
    public static void writeAtomically(Path target, byte[] content) throws IOException {
        writeAtomically(target, content, directoryOf(target));
    }

    /**
     * The same by way of another directory of that filesystem, which a crash may leave the hidden file in.
     *
     * @throws java.nio.file.NoSuchFileException if that directory is gone; the target has not changed then
     */
    public static void writeAtomically(Path target, byte[] content, Path by) throws IOException {
        Path sibling = by.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            DiskFaults.before(Step.DISK_WRITE);
            try (FileChannel channel =
                    FileChannel.open(sibling, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }
            replace(sibling, target);
        } finally {
            Files.deleteIfExists(sibling);
        }
    }

    private static Path directoryOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path.toAbsolutePath() : parent;
    }

    private static void force(Path path, Set<? extends OpenOption> options) throws IOException {
        DiskFaults.before(Step.DISK_SYNC);
        try (FileChannel channel = FileChannel.open(path, options)) {
            channel.force(true);
        }
    }
}
