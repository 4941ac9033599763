package dev.snapfork.platform;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** A thread that looks at something now and then, and may block while it does. What a look throws is passed over. */
public final class Lookout implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Lookout.class);

    private final ScheduledExecutorService thread;

    private Lookout(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /** Looks at once, and then again that long after each look. */
    public static Lookout every(Duration rest, String name, Runnable look) {
        var thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
        Runnable safe = () -> {
            try {
                look.run();
            } catch (RuntimeException e) {
                LOG.debugf(e, "%s saw nothing", name);
            }
        };
        var unused = thread.scheduleWithFixedDelay(safe, 0, rest.toMillis(), TimeUnit.MILLISECONDS);
        return new Lookout(thread);
    }

    /** Interrupts a look that is going on. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
