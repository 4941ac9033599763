package dev.snapfork.store;

/** Hears of each point between two steps of a commit at which a process may die; tests die there. */
interface CommitSteps {
    enum Step {
        /** What is to be published is complete and on stable storage, and visible to nobody. */
        STAGED,
        /** The old and the new directory have changed places. */
        EXCHANGED,
        /** The manifest says that a payload file may be renamed over. */
        ANNOUNCED,
        /** The new payload file has its final name. */
        RENAMED,
        /** The manifest names the new payload file. */
        SWAPPED
    }

    void passed(Step step);
}
