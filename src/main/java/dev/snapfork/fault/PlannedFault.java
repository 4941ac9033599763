package dev.snapfork.fault;

import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * One fault of a plan: {@code step[#n]=action[*]}, such as {@code renamed=halt}, {@code disk-write#17=enospc*} or {@code
 * staged=pause:PT20S}. It happens when the step is passed for the n-th time (1 unless said), with a star every time from then on.
 */
record PlannedFault(Step step, long from, boolean lasting, Action action) {
    private static final Pattern FORM = Pattern.compile("([a-z-]+)(?:#([0-9]{1,9}))?=([a-z]+(?::[A-Z0-9.]+)?)(\\*)?");
    /** As a process that was killed: 128 and the number of the signal. */
    private static final int KILLED = 137;

    /** What happens. */
    sealed interface Action {
        /** The process ends as if it were killed. */
        record Halt() implements Action {}

        /** The step fails with the message that the kernel has for it. */
        record Fail(String message) implements Action {}

        /** The thread stands still. */
        record Pause(Duration duration) implements Action {}
    }

    /** @throws IllegalArgumentException saying what is wrong */
    static PlannedFault parse(String text) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a fault has the form step[#n]=action[*], such as disk-write#17=enospc*, got " + text);
        }
        var from = parts.group(2) == null ? 1 : Long.parseLong(parts.group(2));
        return new PlannedFault(Step.parse(parts.group(1)), from, parts.group(4) != null, action(parts.group(3)));
    }

    private static Action action(String text) {
        return switch (text) {
            case "halt" -> new Action.Halt();
            case "eio" -> new Action.Fail("Input/output error");
            case "enospc" -> new Action.Fail("No space left on device");
            default -> {
                if (!text.startsWith("pause:")) {
                    throw new IllegalArgumentException(
                            "a fault is halt, eio, enospc or pause: and a duration such as PT5S, got " + text);
                }
                try {
                    yield new Action.Pause(Duration.parse(text.substring("pause:".length())));
                } catch (DateTimeParseException e) {
                    throw new IllegalArgumentException("no duration such as PT5S: " + text, e);
                }
            }
        };
    }

    /** @param passing how often the step was passed, this time included */
    boolean isDue(long passing) {
        return lasting ? passing >= from : passing == from;
    }

    void happen() throws IOException {
        switch (action) {
            case Action.Halt() -> Runtime.getRuntime().halt(KILLED);
            case Action.Fail(var message) -> throw new IOException(message);
            case Action.Pause(var duration) -> {
                try {
                    Thread.sleep(duration);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
