package dev.snapfork.query;

import dev.snapfork.platform.BadRequestException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Query parameters that allow certain values only. */
final class Parameters {
    private Parameters() {}

    /** The value unchanged if {@code parse} takes it; null if there is none. */
    static @Nullable String checked(@Nullable String value, Function<String, ?> parse) {
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
