package dev.snapfork.machine;

import java.io.IOException;

/** What was saved of a machine is not there, or not as it was. */
public final class DamagedStateException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedStateException(String problem) {
        super(problem);
    }
}
