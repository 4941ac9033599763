package dev.snapfork.query;

import dev.snapfork.event.EventType;
import dev.snapfork.event.EventType.Aggregate;
import dev.snapfork.platform.ApiError;
import dev.snapfork.platform.BadRequestException;
import jakarta.ws.rs.WebApplicationException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which kinds of events a caller asks for, and may see: whoever may read snapshots sees theirs, and so on. */
final class WantedEvents {
    private static final String SNAPSHOTS = "snapshot:read";
    private static final String INSTANCES = "instance:read";
    private static final int MOST = 100;

    private WantedEvents() {}

    /**
     * The kinds that match one of the patterns; without patterns, those that the caller may see.
     *
     * @param patterns separated by commas: types, or beginnings of types with {@code *} behind
     * @throws BadRequestException if one of them matches nothing
     * @throws WebApplicationException 403 if the caller may not see one that it asks for, or none at all
     */
    static Set<EventType> of(@Nullable String patterns, Predicate<String> allows) {
        var seen = EnumSet.noneOf(EventType.class);
        for (var type : EventType.values()) {
            if (missing(type, allows) == null) {
                seen.add(type);
            }
        }
        if (patterns == null || patterns.isBlank()) {
            if (seen.isEmpty()) {
                throw forbidden(SNAPSHOTS);
            }
            return seen;
        }
        var wanted = matching(patterns);
        for (var type : wanted) {
            var scope = missing(type, allows);
            if (scope != null) {
                throw forbidden(scope);
            }
        }
        return wanted;
    }

    private static Set<EventType> matching(String patterns) {
        var all = patterns.split(",", -1);
        if (all.length > MOST) {
            throw new BadRequestException("types has " + all.length + " parts: at most " + MOST + " are read");
        }
        var wanted = EnumSet.noneOf(EventType.class);
        for (var pattern : all) {
            var matching = Arrays.stream(EventType.values())
                    .filter(type -> matches(type.wireName(), pattern.strip()))
                    .toList();
            if (matching.isEmpty()) {
                throw new BadRequestException(
                        "types: no event has a type like one that is asked for; they are listed at /asyncapi, and a * at the end stands for anything");
            }
            wanted.addAll(matching);
        }
        return wanted;
    }

    private static boolean matches(String type, String pattern) {
        return pattern.endsWith("*")
                ? type.startsWith(pattern.substring(0, pattern.length() - 1))
                : type.equals(pattern);
    }

    /** The scope that the caller lacks for it; operations tell of snapshots and instances. */
    private static @Nullable String missing(EventType type, Predicate<String> allows) {
        if (isAboutSnapshots(type) && !allows.test(SNAPSHOTS)) {
            return SNAPSHOTS;
        }
        return isAboutInstances(type) && !allows.test(INSTANCES) ? INSTANCES : null;
    }

    private static boolean isAboutSnapshots(EventType type) {
        return !isAboutInstances(type) || type.aggregate() == Aggregate.OPERATION;
    }

    private static boolean isAboutInstances(EventType type) {
        return type.aggregate() == Aggregate.INSTANCE
                || type.aggregate() == Aggregate.OPERATION
                || type.wireName().startsWith("dev.snapfork.instance.");
    }

    private static WebApplicationException forbidden(String scope) {
        return new WebApplicationException(ApiError.missingScope(scope));
    }
}
