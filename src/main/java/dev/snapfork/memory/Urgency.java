package dev.snapfork.memory;

/** Whose frames go first. */
enum Urgency {
    /** Somebody waits for the machine: restores and forks. */
    PRESSING,
    /** What only saves space. */
    BACKGROUND
}
