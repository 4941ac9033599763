package dev.snapfork.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is this process's alone for as long as it lives. Each holds a locked file; one whose lock can be had is of a
 * process that ended, and is removed by whoever starts next. So no entry outlives the process that verified it.
 */
final class OwnDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final int ATTEMPTS = 8;
    /** A process that opens and closes a file anew loses its lock on it: its own directories are never tried. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path place;
    private final FileChannel channel;

    private OwnDirectory(Path place, FileChannel channel) {
        this.place = place;
        this.channel = channel;
    }

    /** Makes a new directory below the parent and removes those whose processes have ended. */
    static OwnDirectory claim(Path parent) throws IOException {
        Files.createDirectories(parent);
        sweep(parent);
        for (var attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var own = tryClaim(parent.toRealPath().resolve(UUID.randomUUID().toString()));
            if (own != null) {
                return own;
            }
        }
        throw new IOException("could not make a directory of its own in " + parent);
    }

    /** Null if another process took it for a dead one's before it was locked. */
    private static @Nullable OwnDirectory tryClaim(Path place) throws IOException {
        OWN.add(place);
        Files.createDirectory(
                place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            var channel =
                    FileChannel.open(place.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // the file may have been removed between opening and locking
            if (channel.tryLock() != null && Files.exists(place.resolve(LOCK))) {
                return new OwnDirectory(place, channel);
            }
            channel.close();
        } catch (NoSuchFileException | FileAlreadyExistsException theirs) {
            OWN.remove(place);
            return null;
        }
        OWN.remove(place);
        return null;
    }

    private static void sweep(Path parent) throws IOException {
        try (var places = Files.newDirectoryStream(parent.toRealPath())) {
            for (var place : places) {
                if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS) && !OWN.contains(place)) {
                    removeIfDead(place);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void removeIfDead(Path place) throws IOException {
        try (var channel = FileChannel.open(place.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock != null) {
                remove(place);
            }
        } catch (NoSuchFileException removedByAnother) {
            return;
        }
    }

    /** Entries first, the lock's file last, so that a removal that is interrupted is taken up again. */
    private static void remove(Path place) throws IOException {
        try (var files = Files.newDirectoryStream(
                place, file -> !file.getFileName().toString().equals(LOCK))) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Files.deleteIfExists(place.resolve(LOCK));
        Files.deleteIfExists(place);
    }

    Path place() {
        return place;
    }

    /** Removes it with all that is in it. */
    @Override
    public void close() throws IOException {
        try (channel) {
            remove(place);
        } finally {
            OWN.remove(place);
        }
    }
}
