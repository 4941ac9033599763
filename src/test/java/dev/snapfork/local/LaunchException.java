package dev.snapfork.local;

import java.io.Serial;

/** Something that the person at the keyboard can mend: the message says what, and is shown without a stack trace. */
public final class LaunchException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Says it. */
    public LaunchException(String message) {
        super(message);
    }

    /** Says it and keeps what it comes from. */
    public LaunchException(String message, Throwable cause) {
        super(message, cause);
    }
}
