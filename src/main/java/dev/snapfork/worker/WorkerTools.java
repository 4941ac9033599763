package dev.snapfork.worker;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.fault.Faults;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/** What the handlers work with, made once a process. */
@ApplicationScoped
class WorkerTools {
    private static final Logger LOG = Logger.getLogger(WorkerTools.class);
    /** How long a fork waits for another that decodes the same memory, before it does so itself. */
    private static final Duration DECODING_WAIT = Duration.ofMinutes(1);

    private static final Duration LOCK_DEADLINE = Duration.ofSeconds(30);

    @Produces
    @Singleton
    PayloadStore payloadStore(SnapforkConfig config, Faults faults) throws IOException {
        return PayloadStore.open(config.dataDir(), LOCK_DEADLINE, faults);
    }

    @Produces
    @Singleton
    MemoryCodec memoryCodec(SnapforkConfig config) {
        var configured = config.worker().codecThreads();
        return MemoryCodec.limited(
                configured > 0 ? configured : Runtime.getRuntime().availableProcessors(),
                config.worker().compressionRate().bytes());
    }

    void close(@Disposes MemoryCodec codec) {
        codec.close();
    }

    @Produces
    @Singleton
    MemoryCache memoryCache(SnapforkConfig config, PayloadStore store) {
        try {
            return MemoryCache.open(
                    store.layout().memoryCache(),
                    config.worker().forkCache().bytes(),
                    DECODING_WAIT,
                    e -> LOG.warnf("decoded memory was not kept for further forks: %s", e.toString()));
        } catch (IOException e) {
            // on a disk that is full, say: a worker must start there all the same, if only to delete
            LOG.errorf(e, "no decoded memory is kept for further forks");
            return MemoryCache.off();
        }
    }

    void close(@Disposes MemoryCache cache) throws IOException {
        cache.close();
    }
}
