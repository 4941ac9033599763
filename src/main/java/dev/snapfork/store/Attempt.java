package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.Rename;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * One attempt's place in staging: {@code staging/{operation}/{attempt}}. Whatever an attempt makes visible it renames out of
 * there, and a later attempt begins by taking the directory away. So an attempt that goes on without knowing that it has a
 * successor fails at its final rename, and at the first file it makes: its directory is made once, before the attempt is on
 * record, and never again.
 */
public final class Attempt {
    /** Of what is being removed; nobody's path leads there. */
    private static final String GONE = "gone-";

    private final Path home;
    private final Path directory;

    private Attempt(Path home, Path directory) {
        this.home = home;
        this.directory = directory;
    }

    /**
     * Makes the directory; those of other attempts stay for {@link #takeOver}.
     *
     * @param home the operation's directory in staging
     */
    static Attempt open(Path home, String name) throws IOException {
        DiskFaults.before(Step.DISK_CREATE);
        var directory = Files.createDirectories(home).resolve(name);
        try {
            Files.createDirectory(directory);
        } catch (NoSuchFileException e) {
            // an earlier attempt has just left, and took the operation's directory along
            Files.createDirectories(directory);
        }
        return new Attempt(home, directory);
    }

    public Path directory() {
        return directory;
    }

    /** Whether no later attempt has taken the directory away, so far. */
    public boolean isHeld() {
        return Files.isDirectory(directory, NOFOLLOW_LINKS);
    }

    /** @throws NoSuchFileException if a later attempt has taken the directory away */
    private void requireHeld() throws NoSuchFileException {
        if (!isHeld()) {
            throw new NoSuchFileException(directory.toString(), null, "a later attempt has taken over");
        }
    }

    /**
     * Takes away what earlier attempts have. To be done before anything is decided: what they made visible is there when this
     * returns, and they will make nothing visible after it.
     *
     * @param inherit whether to go on with what an earlier attempt has made; it may still write to files that it has open,
     *     which locks must tell
     * @throws NoSuchFileException if a later attempt has taken this one's
     */
    public void takeOver(boolean inherit) throws IOException {
        requireHeld();
        for (var other : entries(home)) {
            if (!other.equals(directory)) {
                take(other, inherit && !isGone(other));
            }
        }
        requireHeld();
    }

    private void take(Path other, boolean inherit) throws IOException {
        try {
            if (inherit && !entries(other).isEmpty() && entries(directory).isEmpty()) {
                // an exchange and no rename: where this attempt has lost its directory, that does not make it again
                Rename.exchange(other, directory);
            }
            discard(other);
        } catch (NoSuchFileException e) {
            // gone already: its owner has left, or a rival has taken it
        }
    }

    private static boolean isGone(Path entry) {
        return entry.getFileName().toString().startsWith(GONE);
    }

    private static List<Path> entries(Path directory) throws IOException {
        return Filesystems.entries(directory, entry -> true);
    }

    /** Takes the directory away from whoever works in it, then removes it. Crashed in between, whoever comes next removes it. */
    static void discard(Path attempt) throws IOException {
        DiskFaults.before(Step.DISK_REMOVE);
        try {
            Files.deleteIfExists(attempt);
        } catch (DirectoryNotEmptyException e) {
            var gone = attempt;
            if (!isGone(attempt)) {
                // beside it, so that nothing new is needed on a disk that may be full
                gone = attempt.resolveSibling(GONE + UUID.randomUUID());
                Rename.noReplace(attempt, gone);
            }
            TreeRemoval.remove(gone);
        }
    }

    /**
     * A new empty directory in here; what had the name is removed.
     *
     * @throws NoSuchFileException if a later attempt has taken the directory away
     */
    public Path fresh(String name) throws IOException {
        var made = directory.resolve(name);
        TreeRemoval.remove(made);
        DiskFaults.before(Step.DISK_CREATE);
        return Files.createDirectory(made);
    }

    /**
     * A path to a directory elsewhere that leads through this one: whatever is renamed from there is so as if it lay here, and is
     * not renamed any more when a later attempt has taken this directory away.
     *
     * @throws NoSuchFileException if one has
     */
    public Path way(Path elsewhere) throws IOException {
        var way = directory.resolve("way");
        Files.deleteIfExists(way);
        DiskFaults.before(Step.DISK_CREATE);
        return Files.createSymbolicLink(way, elsewhere);
    }

    /** Removes all that is in here; nothing if a later attempt has taken the directory away. */
    public void clear() throws IOException {
        if (isHeld()) {
            for (var entry : entries(directory)) {
                TreeRemoval.remove(entry);
            }
        }
    }
}
