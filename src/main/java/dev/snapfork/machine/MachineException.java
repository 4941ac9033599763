package dev.snapfork.machine;

import java.io.IOException;

/** A monitor did not do what it should have; the message is for whoever asked, in the monitor's own words where it has any. */
public final class MachineException extends IOException {
    private static final long serialVersionUID = 1L;

    public MachineException(String message) {
        super(message);
    }
}
