package dev.snapfork.event;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events somebody wants.
 *
 * @param types the kinds
 * @param subject the aggregate; null for all
 */
public record EventFilter(Set<EventType> types, @Nullable String subject) {
    public EventFilter {
        types = Set.copyOf(types);
    }

    boolean wants(LoggedEvent event) {
        return types.contains(event.type())
                && (subject == null || subject.equals(event.attributes().subject()));
    }
}
