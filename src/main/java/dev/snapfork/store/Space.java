package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.file.SparseFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What the data directory's filesystem has room for. What work will write is reserved before it begins, so that several at once do
 * not each count on the same free bytes. A reservation is an empty file beside the work, {@code need-} and the bytes; so all
 * workers see those of all, one goes with the attempt that made it, and that of a worker that died waits for whoever takes the
 * attempt over. What the work has written counts as occupied and no longer as reserved.
 */
public final class Space {
    private static final String NEED = "need-";
    /** What aggregates have ids for; reservations are made one at a time under the same locks. */
    private static final String LOCK = "space";

    private final Layout layout;
    private final AggregateLocks locks;
    private @Nullable Boolean reflinks;

    Space(Layout layout, AggregateLocks locks) {
        this.layout = layout;
        this.locks = locks;
    }

    /** Whether it was granted, and if not how much is missing. */
    public sealed interface Answer {
        /** To be closed when the bytes are written. */
        record Granted(Reservation reservation) implements Answer {}

        /**
         * @param needed bytes that were asked for
         * @param free bytes that nobody else needs; may be negative
         */
        record Refused(long needed, long free) implements Answer {}
    }

    /** Bytes that nobody else will be granted. */
    public static final class Reservation implements AutoCloseable {
        private final Path file;

        private Reservation(Path file) {
            this.file = file;
        }

        /** From now on only what was written counts. */
        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Reserves bytes for an attempt.
     *
     * @param bytes what it will write at most, as far as that is known
     * @param kept bytes that are to be left free
     */
    public Answer reserve(Attempt by, long bytes, long kept) throws IOException {
        return locks.holding(LOCK, () -> {
            var free = Files.getFileStore(layout.staging()).getUsableSpace() - kept - reserved();
            if (bytes > free) {
                return new Answer.Refused(bytes, free);
            }
            return new Answer.Granted(
                    new Reservation(Files.createFile(by.directory().resolve(NEED + bytes))));
        });
    }

    /** What is reserved and not written yet. */
    private long reserved() throws IOException {
        var bytes = 0L;
        for (var operation : Filesystems.entries(layout.staging(), entry -> Files.isDirectory(entry, NOFOLLOW_LINKS))) {
            bytes += reservedBelow(operation);
        }
        return bytes;
    }

    private static long reservedBelow(Path operation) throws IOException {
        try {
            var bytes = 0L;
            for (var attempt : Filesystems.entries(operation, entry -> Files.isDirectory(entry, NOFOLLOW_LINKS))) {
                var needed = 0L;
                for (var need : Filesystems.entries(attempt, entry -> isNeed(entry))) {
                    needed += Long.parseLong(need.getFileName().toString().substring(NEED.length()));
                }
                bytes += needed == 0 ? 0 : Math.max(0, needed - occupied(attempt));
            }
            return bytes;
        } catch (NoSuchFileException e) {
            // published or removed meanwhile
            return 0;
        }
    }

    private static boolean isNeed(Path entry) {
        return entry.getFileName().toString().matches(NEED + "[0-9]{1,18}");
    }

    private static long occupied(Path directory) throws IOException {
        var bytes = new long[1];
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    bytes[0] += SparseFile.allocatedBytes(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException vanishedMeanwhile) {
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes[0];
    }

    /** What a copy of these bytes of data will occupy: nothing where files share blocks. */
    public long ofCopy(long dataBytes) {
        return sharesBlocks() ? 0 : dataBytes;
    }

    /** Whether copies share blocks with what they are copies of. */
    public synchronized boolean sharesBlocks() {
        if (reflinks == null) {
            try {
                reflinks = SparseFile.supportsReflink(layout.locks());
            } catch (IOException e) {
                // a disk that is full, say: copies are counted, and it is tried again
                return false;
            }
        }
        return reflinks;
    }
}
