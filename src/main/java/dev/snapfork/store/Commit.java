package dev.snapfork.store;

/** How an attempt to make a change visible ended. Everything but {@link Done} has changed nothing that is visible. */
public sealed interface Commit {
    /** The change is visible and on stable storage. */
    record Done() implements Commit {}

    /** Something of that id is there already: an earlier attempt of the same command, if its manifest says so. */
    record Exists(String id) implements Commit {}

    /** Somebody else changed the aggregate since the change was decided. */
    record VersionConflict(String id, long expected, long found) implements Commit {}

    /** The aggregate is not there any more, or no longer readable. */
    record Gone(String id) implements Commit {}
}
