package dev.snapfork.store;

/** Which entries of a directory tree are copied, by path relative to it; a directory that is not takes all below it along. */
@FunctionalInterface
public interface Selection {
    /** Everything that is part of a payload. */
    Selection ALL = path -> true;

    /** Everything but memory and device state: what is left of a machine in standby when it is to be stopped. */
    Selection DISKS = path ->
            !path.equals(Layout.LATEST) && !MemoryFiles.isCandidate(path) && !path.equals(MemoryFiles.OPAQUE_STATE);

    boolean includes(String path);

    /** Everything but one file, which is made in another way. */
    static Selection without(String file) {
        return path -> !path.equals(file);
    }

    default Selection and(Selection other) {
        return path -> includes(path) && other.includes(path);
    }
}
