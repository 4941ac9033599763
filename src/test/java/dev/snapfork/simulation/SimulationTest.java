package dev.snapfork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Many seeds, each a service with its clients to which something else happens. */
class SimulationTest {
    private static final int SEEDS = 2_000;

    @Test
    void noSeedBreaksARule() throws Exception {
        var only = Long.getLong("snapfork.simulation.seed");
        var first = only == null ? Long.getLong("snapfork.simulation.first", 0) : only;
        var count = only == null ? Integer.getInteger("snapfork.simulation.seeds", SEEDS) : 1;
        try (var seeds = new Seeds()) {
            assertThat(seeds.run(first, first + count)).hasSize(count);
        }
    }

    @Test
    void aSeedTakesTheSameStepsEachTime() throws Exception {
        try (var seeds = new Seeds()) {
            assertThat(seeds.run(0, 40)).isEqualTo(seeds.run(0, 40));
        }
    }
}
