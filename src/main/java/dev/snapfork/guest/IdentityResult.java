package dev.snapfork.guest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a machine was made its own. The items are {@link Item}'s words; each stands in one of the two.
 *
 * @param reset what the machine has said is done
 * @param notReset what was not, or is not known to have been, with the reason
 */
public record IdentityResult(List<String> reset, Map<String, String> notReset) {
    public IdentityResult {
        reset = List.copyOf(reset);
        notReset = Collections.unmodifiableMap(new LinkedHashMap<>(notReset));
    }

    public boolean complete() {
        return notReset.isEmpty();
    }

    /** None of the items, all for one reason. */
    static IdentityResult none(List<Item> items, String reason) {
        var notReset = new LinkedHashMap<String, String>();
        items.forEach(item -> notReset.put(item.word(), reason));
        return new IdentityResult(List.of(), notReset);
    }
}
