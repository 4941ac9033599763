package dev.snapfork.operation;

import java.util.List;
import java.util.Map;

/**
 * What was done so that a fork is a machine of its own.
 *
 * @param reset such as {@code mac}, {@code hostname}, {@code entropy}
 * @param notReset what is as it was in the snapshot, each with the reason
 */
public record IdentityReset(List<String> reset, Map<String, String> notReset) {
    public static final IdentityReset NOTHING = new IdentityReset(List.of(), Map.of());

    @SuppressWarnings("NullAway") // absent collections arrive as null from JSON
    public IdentityReset {
        reset = reset == null ? List.of() : List.copyOf(reset);
        notReset = notReset == null ? Map.of() : Map.copyOf(notReset);
    }
}
