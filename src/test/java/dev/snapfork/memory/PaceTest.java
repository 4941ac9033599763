package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    private static final long SECOND = 1_000_000_000;
    private static final Pace.Check GOES_ON = () -> {};

    private long now = Long.MAX_VALUE - SECOND;
    private long slept;
    private long longestSleep;

    private void sleep(long nanos) {
        slept += nanos;
        longestSleep = Math.max(longestSleep, nanos);
        now += nanos;
    }

    private Pace pace(long bytesPerSecond) {
        return new Pace(bytesPerSecond, () -> now, this::sleep);
    }

    @ParameterizedTest
    @CsvSource({"1048576, 1048576, 60", "1000000, 4194304, 200", "314572800, 1048576, 3000", "7, 3, 100"})
    void whatPassesInAWhileIsTheRate(long rate, long frame, int frames) throws Exception {
        Pace pace = pace(rate);
        long start = now;

        for (int i = 0; i <= frames; i++) {
            pace.await(frame, GOES_ON);
        }

        double seconds = (double) (now - start + Pace.SAVED_NANOS) / SECOND;
        assertThat(frames * (double) frame / seconds).isCloseTo((double) rate, Percentage.withPercentage(1));
    }

    @Test
    void theRateHoldsWhenEverySleepIsTooLongByALittle() throws Exception {
        Random random = new Random(7);
        Pace pace = new Pace(100_000, () -> now, nanos -> sleep(nanos + random.nextLong(SECOND / 20)));
        long start = now;

        for (int i = 0; i < 1_000; i++) {
            pace.await(5_000, GOES_ON);
        }

        assertThat((double) (now - start) / SECOND).isCloseTo(50, within(2.5));
    }

    @Test
    void idleTimeIsNotSavedUp() throws Exception {
        Pace pace = pace(1_000);
        pace.await(1_000, GOES_ON);
        now += 3_600 * SECOND;
        long start = now;

        for (int i = 0; i < 11; i++) {
            pace.await(1_000, GOES_ON);
        }

        assertThat(now - start).isEqualTo(10 * SECOND - Pace.SAVED_NANOS);
    }

    @Test
    void holesCostNothingAndNoLimitIsNone() throws Exception {
        Pace none = pace(0);
        Pace slow = pace(1);

        none.await(1L << 40, GOES_ON);
        slow.await(0, GOES_ON);
        slow.await(0, GOES_ON);

        assertThat(slept).isZero();
    }

    @Test
    void theWaitEndsSoonAfterCancellation() throws Exception {
        Pace pace = pace(1);
        pace.await(1L << 20, GOES_ON);
        Pace.Check cancelled = () -> {
            if (slept > 0) {
                throw new CancellationException("cancelled");
            }
        };

        assertThatThrownBy(() -> pace.await(1, cancelled)).isInstanceOf(CancellationException.class);

        assertThat(slept).isEqualTo(longestSleep).isLessThanOrEqualTo(SECOND / 10);
    }

    @Test
    void aFailedJobEndsTheWaitToo() throws Exception {
        Pace pace = pace(1);
        pace.await(10, GOES_ON);

        assertThatThrownBy(() -> pace.await(1, () -> {
                    throw new IOException("failed");
                }))
                .hasMessage("failed");
    }
}
