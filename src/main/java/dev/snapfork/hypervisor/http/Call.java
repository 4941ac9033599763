package dev.snapfork.hypervisor.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request to a monitor.
 *
 * @param body JSON; null for none, which monitors tell from an empty one
 * @param limit from connecting to the last byte of the answer
 */
public record Call(String method, String path, @Nullable String body, Duration limit) {
    public static Call get(String path, Duration limit) {
        return new Call("GET", path, null, limit);
    }

    public static Call put(String path, @Nullable String body, Duration limit) {
        return new Call("PUT", path, body, limit);
    }

    public static Call patch(String path, String body, Duration limit) {
        return new Call("PATCH", path, body, limit);
    }

    /** Method and path, for messages. */
    public String line() {
        return method + " " + path;
    }
}
