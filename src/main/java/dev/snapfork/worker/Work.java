package dev.snapfork.worker;

import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Progress;
import dev.snapfork.store.Attempt;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An attempt at a command: who asked, since when, how far it has come, and whether it is still the one that counts. */
final class Work {
    private static final Duration TELL_EVERY = Duration.ofMillis(500);

    private final CommandEnvelope envelope;
    private final AttemptId attempt;
    private final Places.Place place;
    private final BooleanSupplier stopping;
    private final Clock clock;
    private final Instant started;
    private final BiConsumer<Instant, Progress> listener;
    private final BooleanSupplier cancelled;
    private boolean tookOver;
    private Instant told;
    private @Nullable Progress reached;

    /**
     * @param stopping whether the command is to be handed back, or has been taken away
     * @param cancelled whether somebody wants the command stopped
     */
    Work(
            CommandEnvelope envelope,
            AttemptId attempt,
            Places.Place place,
            BooleanSupplier stopping,
            BooleanSupplier cancelled,
            Clock clock,
            BiConsumer<Instant, Progress> listener) {
        this.cancelled = cancelled;
        this.envelope = envelope;
        this.attempt = attempt;
        this.place = place;
        this.stopping = stopping;
        this.clock = clock;
        this.started = now();
        this.told = started;
        this.listener = listener;
    }

    /** Whether somebody wants the command stopped; may become true at any time, and then stays. */
    boolean cancelled() {
        return cancelled.getAsBoolean();
    }

    OperationId operation() {
        return envelope.id();
    }

    AttemptId attempt() {
        return attempt;
    }

    /**
     * The attempt's place in staging.
     *
     * @throws NoPlaceException if the disk did not give it one
     */
    Attempt place() throws NoPlaceException {
        if (place.attempt() != null) {
            return place.attempt();
        }
        if (place.trouble() != null) {
            throw new NoPlaceException(place.trouble());
        }
        throw new IllegalStateException("commands of this kind have no place in staging");
    }

    /**
     * Ends what earlier attempts may still do, as far as that is done through staging.
     *
     * @param needed whether the command is done through staging
     * @param inherit whether to go on with what they have made there
     */
    void takeOver(boolean needed, boolean inherit) throws IOException {
        if (needed && !tookOver) {
            place().takeOver(inherit);
            tookOver = true;
        }
    }

    /** Removes what the attempt has in staging. */
    void clear() throws IOException {
        if (place.attempt() != null) {
            place.attempt().clear();
        }
    }

    /** Whether the command is to be handed back, or has been taken away. */
    boolean stopping() {
        return stopping.getAsBoolean();
    }

    /** Whether this attempt is to end, for whatever reason: what takes long asks now and then. */
    boolean ends() {
        return stopping() || cancelled();
    }

    /**
     * To be asked after a failure: whether it is the command's, or only this attempt's.
     *
     * @throws Patience.StoppingException if the command is to be handed back
     * @throws LostException if a later attempt has begun
     */
    void requireOurs() {
        if (stopping()) {
            throw new Patience.StoppingException();
        }
        if (isLost()) {
            throw new LostException();
        }
    }

    /** Whether a later attempt has taken this one's place. */
    boolean isLost() {
        return place.attempt() != null && !place.attempt().isHeld();
    }

    /** When the command was accepted: the same for each attempt. */
    Instant accepted() {
        return envelope.issuedAt();
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
