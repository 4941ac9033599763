package dev.snapfork.chaos;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/** What was done, what was promised, and what was not kept. */
final class Journal {
    private static final Logger LOG = Logger.getLogger(Journal.class);
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

    void count(String what) {
        count(what, 1);
    }

    void count(String what, long times) {
        counts.computeIfAbsent(what, key -> new LongAdder()).add(times);
    }

    long counted(String prefix) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    /** Somebody was told of this operation. */
    void accepted(String operation) {
        accepted.add(operation);
    }

    Set<String> accepted() {
        return accepted;
    }

    void violation(String what) {
        violations.add(what);
        LOG.errorf("violation: %s", what);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** Everything that was counted, a line each. */
    String table() {
        var lines = new StringBuilder();
        new TreeMap<>(counts).forEach((what, count) -> lines.append("%-48s %6d%n".formatted(what, count.sum())));
        return lines.toString();
    }
}
