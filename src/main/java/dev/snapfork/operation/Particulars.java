package dev.snapfork.operation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What there is to tell of a change to a running machine, beside the state after it.
 *
 * @param pauseMs how long the machine stood still, in milliseconds; null where none had to
 * @param identity of a fork that runs
 */
public record Particulars(@Nullable Long pauseMs, @Nullable IdentityReset identity) {
    public static final Particulars NONE = new Particulars(null, null);

    public static Particulars ofPause(long millis) {
        return new Particulars(millis, null);
    }

    /** Those given, or none. */
    public static Particulars orNone(@Nullable Particulars given) {
        return Objects.requireNonNullElse(given, NONE);
    }
}
