package dev.snapfork.hypervisor;

/** What becomes of the memory when a machine is saved. */
public enum MemoryWish {
    /** A copy in the directory, by reflink where the filesystem can: the machine will go on. */
    COPY,
    /** A machine with a memory file of its own leaves it where it is, since it will not go on; others as {@link #COPY}. */
    LEAVE
}
