package dev.snapfork.query;

import dev.snapfork.platform.BadRequestException;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Query parameters that allow certain values only. */
final class Parameters {
    private Parameters() {}

    /**
     * The value of a parameter that is given once at most; null if it is not given.
     *
     * @throws BadRequestException if it is given more often: no single one of them can be meant
     */
    static @Nullable String single(MultivaluedMap<String, String> query, String name) {
        var values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new BadRequestException(name + " is given " + values.size() + " times: give it once");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /** As {@link #single}, if {@code parse} takes the value. */
    static @Nullable String checked(MultivaluedMap<String, String> query, String name, Function<String, ?> parse) {
        var value = single(query, name);
        if (value == null) {
            return null;
        }
        try {
            Objects.requireNonNull(parse.apply(value));
            return value;
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(String.valueOf(e.getMessage()));
        }
    }
}
