package dev.snapfork.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The instants between two changes, and the single calls that change or read the disk. */
public enum Step {
    /** The attempt is on record and has its place in staging; nothing has been decided yet. */
    COMMAND_BEGUN,
    NAME_CLAIMED,
    SPACE_RESERVED,
    /** There is an empty directory for what will be published. */
    STAGING_MADE,
    /** What is to be published has its files, which are not synced yet. */
    FILES_COPIED,
    MEMORY_DECODED,
    /** A monitor runs that nobody has written down yet. */
    MACHINE_STARTED,
    /** A machine stands still that ran. */
    MACHINE_PAUSED,
    /** What was saved of a machine lies in staging, not synced yet. */
    MACHINE_SAVED,
    /** A machine goes on that stood still. */
    MACHINE_RESUMED,
    /** A fork's guest has been told who it is. */
    GUEST_IDENTIFIED,
    /** The machine has ended. */
    MACHINE_ENDED,
    /** The manifest says that the memory is being compressed. */
    COMPRESSION_BEGUN,
    /** The compressed memory lies in staging, complete and on stable storage. */
    MEMORY_COMPRESSED,
    /** What is to be published is complete and on stable storage, and visible to nobody. */
    STAGED,
    /** It has its final name, which a power cut might take back. */
    RENAMED,
    /** The old and the new directory have changed places. */
    EXCHANGED,
    /** The manifest says that a payload file may be renamed over. */
    MEMORY_ANNOUNCED,
    /** The new payload file has its final name. */
    MEMORY_RENAMED,
    /** The manifest names the new payload file. */
    MANIFEST_SWAPPED,
    /** What was removed lies in the trash. */
    TRASHED,
    /** The change is visible and on stable storage. */
    COMMITTED,
    /** The brokers have an event. */
    EVENT_PUBLISHED,
    /** The brokers have the command that follows from this one. */
    FOLLOW_UP_PUBLISHED,
    NAME_RELEASED,
    /** How the command ended is on record. */
    END_RECORDED,
    END_PUBLISHED,
    STAGING_EMPTIED,
    TRASH_EMPTIED,
    /** The consumer has been told that the command needs no more work; its offset is committed later. */
    ACKNOWLEDGED,
    /** The projection has a batch in its hands. */
    BATCH_READ,
    /** The batch, its checkpoint and its notices are committed. */
    BATCH_APPLIED,
    /** A call's process has heard a notice, and those who wait have not. */
    NOTICE_HEARD,

    /** Before a file or directory of a payload is made. */
    DISK_CREATE,
    DISK_READ,
    DISK_WRITE,
    /** Before a file or directory is forced to the disk. */
    DISK_SYNC,
    DISK_RENAME,
    DISK_REMOVE;

    /** The name that plans use. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException naming those there are */
    public static Step parse(String text) {
        return Arrays.stream(values())
                .filter(step -> step.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no step is called " + text + ", only "
                        + Arrays.stream(values()).map(Step::text).collect(Collectors.joining(", "))));
    }
}
