package dev.snapfork.memory;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds all compressions, or whatever else goes through it, together to so many bytes a second. Whoever comes takes the next place on the time line and waits
 * until it is there, without holding anything that others need.
 *
 * <p>Time that nobody used is not saved up, but for a tenth of a second, which makes up for sleeping too long.
 */
public final class Pace {
    static final long SAVED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long bytesPerSecond;
    private final LongSupplier nanos;
    private final Sleep sleep;
    private long nextPlace;

    /** @param bytesPerSecond 0 for no limit */
    Pace(long bytesPerSecond, LongSupplier nanos, Sleep sleep) {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException(bytesPerSecond + " bytes a second");
        }
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
        this.sleep = sleep;
        this.nextPlace = nanos.getAsLong() - SAVED_NANOS;
    }

    /**
     * Holds whatever goes through it.
     *
     * @param bytesPerSecond 0 for no limit
     */
    public static Pace of(long bytesPerSecond) {
        return new Pace(bytesPerSecond, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    /** Passes time. */
    interface Sleep {
        void nanos(long nanos) throws InterruptedException;
    }

    /** Says, many times a second, whether waiting still makes sense: throws if not. */
    public interface Check {
        void run() throws IOException;
    }

    /** Waits until so many bytes may be handled. The check ends the wait by throwing. */
    public void await(long bytes, Check check) throws IOException, InterruptedException {
        if (bytesPerSecond == 0 || bytes == 0) {
            return;
        }
        long place = reserve(bytes);
        for (long left = left(place); left > 0; left = left(place)) {
            check.run();
            sleep.nanos(Math.min(left, LONGEST_SLEEP_NANOS));
        }
    }

    private long left(long place) {
        return place - nanos.getAsLong();
    }

    private synchronized long reserve(long bytes) {
        long earliest = nanos.getAsLong() - SAVED_NANOS;
        long place = nextPlace - earliest > 0 ? nextPlace : earliest;
        nextPlace = place + Math.ceilDiv(bytes * SECOND_NANOS, bytesPerSecond);
        return place;
    }
}
