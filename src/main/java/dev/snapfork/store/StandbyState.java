package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.file.Durable;
import dev.snapfork.file.Rename;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Memory and device state of an instance, on their way between a machine that runs and standby. A machine that runs has its memory at
 * {@code live/memory}; in standby it lies beside the device state. It is one file all the while, which the monitor has open, so
 * that renaming it disturbs nobody.
 */
public final class StandbyState {
    private static final String MEMORY = "memory";

    private final Path directory;

    /** @param directory the instance's; perhaps a way to it that leads through an attempt's place */
    public StandbyState(Path directory) {
        this.directory = directory;
    }

    public Path latest() {
        return directory.resolve(Layout.LATEST);
    }

    public Path liveMemory() {
        return directory.resolve(Layout.LIVE).resolve(MEMORY);
    }

    /** Puts the memory where a machine that runs has it, if it is beside the device state; does nothing otherwise. */
    public void toLive() throws IOException {
        var saved = latest().resolve(MEMORY);
        if (Files.isRegularFile(saved, NOFOLLOW_LINKS) && !Files.exists(liveMemory(), NOFOLLOW_LINKS)) {
            makeLive();
            Durable.move(saved, liveMemory());
        }
    }

    /** The directory for live memory; never a directory above it, so that nothing is made where the instance is gone. */
    public void makeLive() throws IOException {
        var live = directory.resolve(Layout.LIVE);
        if (!Files.isDirectory(live, NOFOLLOW_LINKS)) {
            Files.createDirectory(live);
        }
    }

    /**
     * Makes a staged directory the instance's device state and memory, stable on the disk; what was there before is removed.
     *
     * @throws NoSuchFileException if the instance, or the attempt, is gone
     */
    public void install(Path staged) throws IOException {
        Durable.fsyncTree(staged);
        var parent = Filesystems.directoryOf(latest());
        if (!Files.isDirectory(parent, NOFOLLOW_LINKS)) {
            Files.createDirectory(parent);
        }
        TreeRemoval.remove(latest());
        Rename.noReplace(staged, latest());
        Durable.fsyncDirectory(parent);
        Durable.fsyncDirectory(directory);
    }

    /** Removes what was saved of a machine that has gone on since. */
    public void dropSaved() throws IOException {
        TreeRemoval.remove(latest());
    }

    /** Removes what belongs to a machine only while it runs. */
    public void dropLive() throws IOException {
        TreeRemoval.remove(directory.resolve(Layout.LIVE));
    }
}
