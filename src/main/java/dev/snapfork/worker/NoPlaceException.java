package dev.snapfork.worker;

import java.io.IOException;

/** The disk did not take as much as a directory. */
final class NoPlaceException extends IOException {
    private static final long serialVersionUID = 1L;

    NoPlaceException(IOException why) {
        super(why.getMessage(), why);
    }
}
