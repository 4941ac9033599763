package dev.snapfork.simulation;

/** Ends the threads of a process that was killed: nothing that handles failures handles it. */
public final class ProcessDied extends Error {
    private static final long serialVersionUID = 1L;

    ProcessDied() {
        super("the process was killed", null, false, false);
    }
}
