package dev.snapfork.worker;

import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A command in work: who asked, since when, and how far it has come. */
final class Work {
    private static final Duration TELL_EVERY = Duration.ofMillis(500);

    private final CommandEnvelope envelope;
    private final Clock clock;
    private final Instant started;
    private final BiConsumer<Instant, Progress> listener;
    private Instant told;
    private @Nullable Progress reached;

    Work(CommandEnvelope envelope, Clock clock, BiConsumer<Instant, Progress> listener) {
        this.envelope = envelope;
        this.clock = clock;
        this.started = now();
        this.told = started;
        this.listener = listener;
    }

    OperationId operation() {
        return envelope.id();
    }

    Instant started() {
        return started;
    }

    /** The time, as precise as PostgreSQL keeps it. */
    Instant now() {
        return clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
    }

    synchronized @Nullable Progress reached() {
        return reached;
    }

    /** Notes that nothing is left to do of what progress was told of. */
    synchronized void complete() {
        if (reached != null) {
            reached = new Progress(reached.bytesTotal(), reached.bytesTotal(), reached.bytesPerSecond());
        }
    }

    /** Notes how far the work has come, and tells so now and then; from any thread. */
    void progress(long bytesDone, long bytesTotal) {
        Progress tell;
        synchronized (this) {
            var now = now();
            if (reached != null && bytesDone < reached.bytesDone()) {
                return;
            }
            var millis = Math.max(1, Duration.between(started, now).toMillis());
            reached = new Progress(Math.min(bytesDone, bytesTotal), bytesTotal, bytesDone * 1000 / millis);
            if (now.isBefore(told.plus(TELL_EVERY))) {
                return;
            }
            told = now;
            tell = reached;
        }
        listener.accept(started, tell);
    }
}
