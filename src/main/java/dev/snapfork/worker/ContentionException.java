package dev.snapfork.worker;

import java.io.IOException;

/** Somebody else changed what the work was decided on: it is to be decided again. */
final class ContentionException extends IOException {
    private static final long serialVersionUID = 1L;

    ContentionException(String message) {
        super(message);
    }
}
