package dev.snapfork.guest;

/** What makes a machine distinct, and is set on its own: that one cannot be set keeps none of the others. */
enum Item {
    /** Random numbers of the kernel, which forks have in common otherwise. */
    ENTROPY("entropy"),
    CLOCK("clock"),
    HOSTNAME("hostname"),
    INSTANCE_ID("instance_id"),
    MAC("mac"),
    /** What applications of the guest do for themselves; only in machines that have such a program. */
    HOOK("hook");

    private final String word;

    Item(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
