package dev.snapfork.query;

import dev.snapfork.event.EventFeed;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.DrainBegun;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** The clients that follow the events here: as many as are configured, and none when the process drains. */
@ApplicationScoped
class EventStreams {
    private static final Logger LOG = Logger.getLogger(EventStreams.class);

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

    /** What the feed gives, for one who has entered. The feed is closed, and the room given back, when it ends. */
    Multi<OutboundSseEvent> stream(EventFeed feed, Sse sse) {
        return Multi.createFrom().emitter(emitter -> {
            var stream = new EventStream(feed, sse, emitter);
            streams.add(stream);
            var thread = Thread.ofVirtual().name("event-stream").unstarted(() -> {
                try {
                    stream.run();
                    feed.close();
                } catch (RuntimeException e) {
                    LOG.debug("a stream of events was not closed in order", e);
                } finally {
                    streams.remove(stream);
                    leave();
                }
            });
            emitter.onRequest(wanted -> stream.wake()).onTermination(thread::interrupt);
            thread.start();
            if (stopping) {
                stream.stop();
            }
        });
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
