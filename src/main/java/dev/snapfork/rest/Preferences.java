package dev.snapfork.rest;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The {@code Prefer} header. */
final class Preferences {
    static final String APPLIED = "Preference-Applied";
    static final String RESPOND_ASYNC = "respond-async";

    private Preferences() {}

    /** Whether the caller would rather follow the operation than wait for its end. */
    static boolean async(@Nullable String prefer) {
        return prefer != null
                && Stream.of(prefer.split(",", -1))
                        .map(preference -> preference.split(";", -1)[0].strip())
                        .anyMatch(RESPOND_ASYNC::equalsIgnoreCase);
    }
}
