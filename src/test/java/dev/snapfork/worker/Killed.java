package dev.snapfork.worker;

/** The end of a process, as far as that can be had within one: nothing that handles failures handles it. */
final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
        super("killed", null, false, false);
    }
}
