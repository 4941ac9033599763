package dev.snapfork.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** The steps that were taken: the last of them in words, all of them in one number. */
final class Trace {
    private static final int KEPT = Integer.getInteger("snapfork.simulation.trace", 400);

    private final Deque<String> last = new ArrayDeque<>();
    private long hash;
    private long steps;

    void add(String who, String what) {
        steps++;
        hash = 31 * (31 * hash + who.hashCode()) + what.hashCode();
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(who + " " + what);
    }

    long steps() {
        return steps;
    }

    /** Equal for two runs that took the same steps. */
    String fingerprint() {
        return steps + "-" + Long.toHexString(hash);
    }

    /** What every thread stands at. */
    static String threads() {
        var text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            text.append('\n').append(entry.getKey().getName());
            for (var element : entry.getValue()) {
                text.append("\n  ").append(element);
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return String.join("\n", last);
    }
}
