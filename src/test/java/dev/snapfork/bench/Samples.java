package dev.snapfork.bench;

import java.util.List;
import java.util.Map;

/** What doing something took, time after time. */
record Samples(List<Sample> all) {
    Samples {
        all = List.copyOf(all);
    }

    Series wall() {
        return new Series(all.stream().map(Sample::wallSeconds).toList());
    }

    Series cpu() {
        return new Series(all.stream().map(Sample::cpuSeconds).toList());
    }

    /** For the report. */
    Map<String, Object> figures() {
        return Map.of(
                "wall_seconds_median", wall().median(),
                "cpu_seconds_median", cpu().median(),
                "wall_seconds", wall().values(),
                "cpu_seconds", cpu().values());
    }
}
