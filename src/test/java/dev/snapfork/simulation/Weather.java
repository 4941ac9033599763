package dev.snapfork.simulation;

import java.util.random.RandomGenerator;

/**
 * How bad a seed is: what happens at a step or a call with which probability, until it clears up.
 *
 * @param deaths how many processes may be killed in all
 */
record Weather(double death, double stop, double refused, double unanswered, double late, double moves, int deaths) {
    private static final Weather CLEAR = new Weather(0, 0, 0, 0, 0, 0, 0);

    /** Each kind of trouble is absent in some seeds, so that the others are seen alone. */
    static Weather of(RandomGenerator random) {
        return new Weather(
                often(random, 0.01),
                often(random, 0.005),
                often(random, 0.05),
                often(random, 0.05),
                often(random, 0.03),
                often(random, 0.2),
                random.nextInt(6));
    }

    private static double often(RandomGenerator random, double most) {
        return random.nextInt(3) == 0 ? 0 : most * random.nextDouble();
    }

    static Weather clear() {
        return CLEAR;
    }
}
