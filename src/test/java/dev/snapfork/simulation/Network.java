package dev.snapfork.simulation;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Between the service's processes and Kafka and PostgreSQL: requests take time, are lost, are answered too late to be heard, or are
 * carried out when whoever sent them is long dead.
 */
public final class Network {
    private static final int LATEST_MILLIS = 5_000;

    private final Scheduler scheduler;
    private final Machine wire = new Machine("network");
    private Weather weather;

    Network(Scheduler scheduler, Weather weather) {
        this.scheduler = scheduler;
        this.weather = weather;
    }

    void weather(Weather now) {
        weather = now;
    }

    private enum Fate {
        DONE,
        REFUSED,
        UNANSWERED,
        LATE
    }

    /**
     * Has a request carried out at once or later, never or twice.
     *
     * @throws Unavailable if the answer does not come, whether it was carried out or will be
     */
    public <T> T call(String what, Supplier<T> request) {
        if (!Scheduler.isActing()) {
            return request.get();
        }
        var fate = fate();
        var outlivesSender = scheduler.chance(0.5);
        try {
            scheduler.step(what);
        } catch (ProcessDied e) {
            if (outlivesSender) {
                later(what, request);
            }
            throw e;
        }
        switch (fate) {
            case REFUSED -> throw new Unavailable(what);
            case LATE -> {
                later(what, request);
                throw new Unavailable(what);
            }
            case UNANSWERED -> {
                var unused = request.get();
                throw new Unavailable(what);
            }
            case DONE -> {
                var answer = request.get();
                scheduler.step(what + " answered");
                return answer;
            }
        }
        throw new AssertionError(fate);
    }

    private Fate fate() {
        var drawn = scheduler.random().nextDouble();
        if (drawn < weather.refused()) {
            return Fate.REFUSED;
        }
        if (drawn < weather.refused() + weather.unanswered()) {
            return Fate.UNANSWERED;
        }
        return drawn < weather.refused() + weather.unanswered() + weather.late() ? Fate.LATE : Fate.DONE;
    }

    private void later(String what, Supplier<?> request) {
        var delay = Duration.ofMillis(1 + scheduler.random().nextInt(LATEST_MILLIS));
        scheduler.start(wire, "late " + what, () -> {
            scheduler.sleep("under way", delay);
            var unused = request.get();
            scheduler.step("arrived");
        });
    }

    Machine wire() {
        return wire;
    }
}
