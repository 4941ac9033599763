package dev.snapfork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Many seeds, each a service with its clients to which something else happens. */
class SimulationTest {
    private static final int SEEDS = 2_000;

    @Test
    void noSeedBreaksARule() throws Exception {
        var only = Long.getLong("snapfork.simulation.seed");
        try (var seeds = new Seeds()) {
            if (only != null) {
                seeds.run(only);
                return;
            }
            for (var seed = 0; seed < Integer.getInteger("snapfork.simulation.seeds", SEEDS); seed++) {
                seeds.run(seed);
            }
        }
    }

    @Test
    void aSeedTakesTheSameStepsEachTime() throws Exception {
        try (var seeds = new Seeds()) {
            for (var seed = 0; seed < 20; seed++) {
                assertThat(seeds.run(seed)).as("seed " + seed).isEqualTo(seeds.run(seed));
            }
        }
    }
}
