package dev.snapfork.query;

import dev.snapfork.event.EventFeed;
import dev.snapfork.log.WireJson;
import dev.snapfork.platform.ApiError;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands one client what its feed gives, an event at a time, as fast as the client takes them. One that takes none for a while, or for
 * which too much waits, is told so and dropped: it comes back with the id of the last event that it has.
 */
final class EventStream {
    /** Without events a comment comes so often, which also tells how far the log has been read. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    /** How long a client may take nothing. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Logger LOG = Logger.getLogger(EventStream.class);
    private static final long RETRY_MILLIS = 2000;
    private static final String DROPPED = "dropped";

    private final EventFeed feed;
    private final Sse sse;
    private final MultiEmitter<? super OutboundSseEvent> client;
    private final Instant until;
    private @Nullable Thread runner;
    private boolean stopped;

    /** @param until when the client's leave to read ends */
    EventStream(EventFeed feed, Sse sse, MultiEmitter<? super OutboundSseEvent> client, Instant until) {
        this.feed = feed;
        this.sse = sse;
        this.client = client;
        this.until = until;
    }

    /** Returns when the client is gone, was dropped or has everything. */
    void run() {
        begin();
        try {
            // an answer that begins late looks like none
            client.emit(place(feed.id(), "the log of events is open"));
            while (clientTakesMore() && mayReadOn()) {
                var entry = feed.next(pause());
                if (entry == null) {
                    client.complete();
                    return;
                }
                client.emit(event(entry));
            }
        } catch (EventFeed.TooSlowException e) {
            drop("slow_consumer", "more events waited than are kept for one client: come back with Last-Event-ID");
        } catch (InterruptedException e) {
            LOG.debug("a client has left, or is sent away");
        } catch (RuntimeException e) {
            LOG.warnf("a stream of events ends: %s", e.toString());
        }
        client.complete();
        // that the client is gone is known: what is closed now is not to be interrupted
        if (Thread.interrupted()) {
            LOG.debug("interrupted");
        }
    }

    private synchronized void begin() {
        runner = Thread.currentThread();
        if (stopped) {
            runner.interrupt();
        }
    }

    /** The process stops: the client will find another one. */
    synchronized void stop() {
        stopped = true;
        if (runner != null) {
            runner.interrupt();
        }
    }

    synchronized void wake() {
        notifyAll();
    }

    private boolean clientTakesMore() throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (this) {
            while (client.requested() <= 0 && !client.isCancelled()) {
                var left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    break;
                }
                wait(left);
            }
        }
        if (client.requested() <= 0 && !client.isCancelled()) {
            drop("slow_consumer", "nothing was read for " + PATIENCE.toSeconds() + " s: come back with Last-Event-ID");
            return false;
        }
        return !client.isCancelled();
    }

    /** A connection must not outlive the token that it was opened with. */
    private boolean mayReadOn() {
        var may = Instant.now().isBefore(until);
        if (!may) {
            drop("token_expired", "the token has expired: come back with another one, and Last-Event-ID");
        }
        return may;
    }

    private Duration pause() {
        var end = Instant.now().plus(HEARTBEAT);
        return end.isBefore(until) ? HEARTBEAT : HEARTBEAT.minus(Duration.between(until, end));
    }

    /** Waits in the client's buffer until the client reads on, if it does. */
    private void drop(String code, String message) {
        LOG.infof("a client that follows the events is dropped: %s", message);
        client.emit(sse.newEventBuilder()
                .name(DROPPED)
                .reconnectDelay(RETRY_MILLIS)
                .data(String.class, WireJson.text(ApiError.of(code, message)))
                .build());
    }

    private OutboundSseEvent event(EventFeed.Entry entry) {
        var type = entry.type();
        var json = entry.json();
        return type == null || json == null
                ? place(entry.id(), "nothing new")
                : sse.newEventBuilder()
                        .id(entry.id())
                        .name(type.wireName())
                        .data(String.class, json)
                        .build();
    }

    private OutboundSseEvent place(String id, String comment) {
        return sse.newEventBuilder()
                .id(id)
                .comment(comment)
                .reconnectDelay(RETRY_MILLIS)
                .build();
    }
}
