package dev.snapfork.store;

import java.io.IOException;

/** Another worker holds a lock for longer than a commit may take; nothing was done. */
public final class BusyException extends IOException {
    private static final long serialVersionUID = 1L;

    BusyException(String message) {
        super(message);
    }
}
