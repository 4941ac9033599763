package dev.snapfork.platform;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.*;

public final class TagFilters {
    public static Map<String, String> of(MultivaluedMap<String, String> q) {
        var m = new HashMap<String, String>();
        q.forEach((k, v) -> {
            if (k.startsWith("tags[")) m.put(k.substring(5, k.length() - 1), v.get(0));
        });
        return m;
    }
}
