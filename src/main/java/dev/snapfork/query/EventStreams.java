package dev.snapfork.query;

import dev.snapfork.event.EventFeed;
import dev.snapfork.platform.RequestEnd;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.DrainBegun;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** The clients that follow the events here: as many as are configured, and none when the process drains. */
@ApplicationScoped
class EventStreams {
    private static final Logger LOG = Logger.getLogger(EventStreams.class);
    private static final String NAME = "event-stream";

    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    EventStreams(SnapforkConfig config) {
        this.most = config.api().maxStreams();
    }

    int most() {
        return most;
    }

    boolean stopping() {
        return stopping;
    }

    /** Whether there is room for one more, which {@link #leave} gives back. */
    boolean enter() {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        open.decrementAndGet();
    }

    /**
     * What the feed gives, for one who has entered. The feed is closed, and the room given back, when it ends; also if nobody ever asks
     * for it, as a client that leaves before its answer has begun is never subscribed.
     *
     * @param until when the client's leave to read ends
     */
    Multi<OutboundSseEvent> stream(EventFeed feed, Sse sse, Instant until, RoutingContext request) {
        var taken = new AtomicBoolean();
        request.vertx()
                .getOrCreateContext()
                .runOnContext(unused -> RequestEnd.of(request, () -> {
                    if (taken.compareAndSet(false, true)) {
                        // closing may wait for Kafka, which this thread may not
                        Thread.ofVirtual().name(NAME).start(() -> end(feed));
                    }
                }));
        return Multi.createFrom().emitter(emitter -> {
            if (!taken.compareAndSet(false, true)) {
                emitter.complete();
                return;
            }
            var stream = new EventStream(feed, sse, emitter, until);
            streams.add(stream);
            var thread = Thread.ofVirtual().name(NAME).unstarted(() -> {
                try {
                    stream.run();
                } finally {
                    streams.remove(stream);
                    end(feed);
                }
            });
            emitter.onRequest(wanted -> stream.wake()).onTermination(thread::interrupt);
            thread.start();
            if (stopping) {
                stream.stop();
            }
        });
    }

    private void end(EventFeed feed) {
        try {
            feed.close();
        } catch (RuntimeException e) {
            LOG.debug("a stream of events was not closed in order", e);
        } finally {
            leave();
        }
    }

    void stopEarly(@Observes DrainBegun event) {
        stop();
    }

    void stop(@Observes ShutdownEvent event) {
        stop();
    }

    private void stop() {
        stopping = true;
        streams.forEach(EventStream::stop);
    }
}
