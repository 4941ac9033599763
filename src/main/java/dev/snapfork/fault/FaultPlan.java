package dev.snapfork.fault;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Faults that are told beforehand: a list of them, separated by commas. */
public final class FaultPlan implements Faults {
    private final List<PlannedFault> faults;
    private final Map<Step, AtomicLong> passings;
    private final Consumer<String> listener;

    private FaultPlan(List<PlannedFault> faults, Consumer<String> listener) {
        this.faults = faults;
        this.listener = listener;
        this.passings = new EnumMap<>(Step.class);
        for (var step : Step.values()) {
            passings.put(step, new AtomicLong());
        }
    }

    /**
     * Reads a plan.
     *
     * @param text such as {@code renamed=halt,disk-write#17=enospc*,staged=pause:PT20S}
     * @param listener hears of each fault just before it happens
     * @throws IllegalArgumentException saying what is wrong with the text
     */
    public static FaultPlan parse(String text, Consumer<String> listener) {
        var faults = Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(PlannedFault::parse)
                .toList();
        return new FaultPlan(faults, listener);
    }

    @Override
    public void at(Step step) throws IOException {
        var passing = count(step);
        for (var fault : faults) {
            if (fault.step() == step && fault.isDue(passing)) {
                listener.accept(step.text() + "#" + passing + ": " + fault.action());
                fault.happen();
            }
        }
    }

    private long count(Step step) {
        var passing = passings.get(step);
        return passing == null ? 0 : passing.incrementAndGet();
    }
}
