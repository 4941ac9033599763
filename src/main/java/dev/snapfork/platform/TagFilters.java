package dev.snapfork.platform;

import dev.snapfork.instance.Tags;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads tag filters from a query, where they stand as deep objects: {@code tags[team]=backend&tags[env]=x}. */
public final class TagFilters {
    private static final String NAME = "tags";
    private static final String OPEN = NAME + "[";
    private static final String CLOSE = "]";

    private TagFilters() {}

    /**
     * The tags that must all be there; empty if the query names none.
     *
     * @param query decoded names and values
     * @throws BadRequestException if a filter has no key, is given twice with different values, or could match no tag
     */
    public static Map<String, String> of(MultivaluedMap<String, String> query) {
        var tags = new HashMap<String, String>();
        query.forEach((name, values) -> {
            if (name.equals(NAME) || name.startsWith(OPEN)) {
                tags.put(key(name), value(values));
            }
        });
        Tags.problem(tags).ifPresent(problem -> {
            throw new BadRequestException("tags: " + problem);
        });
        return Map.copyOf(tags);
    }

    private static String key(String name) {
        if (!name.startsWith(OPEN) || !name.endsWith(CLOSE)) {
            throw new BadRequestException("tags: write a filter as tags[key]=value");
        }
        return name.substring(OPEN.length(), name.length() - CLOSE.length());
    }

    private static String value(List<String> values) {
        var different = values.stream().distinct().toList();
        if (different.size() != 1) {
            throw new BadRequestException("tags: a key is given with more than one value, and no tag has two");
        }
        return different.getFirst();
    }
}
