package dev.snapfork.worker;

import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;

/** What the handlers work with, made once a process. */
@ApplicationScoped
class WorkerTools {
    private static final Duration LOCK_DEADLINE = Duration.ofSeconds(30);

    @Produces
    @Singleton
    PayloadStore payloadStore(SnapforkConfig config) throws IOException {
        return PayloadStore.open(config.dataDir(), LOCK_DEADLINE);
    }

    @Produces
    @Singleton
    MemoryCodec memoryCodec(SnapforkConfig config) {
        var configured = config.worker().codecThreads();
        return new MemoryCodec(
                configured > 0 ? configured : Runtime.getRuntime().availableProcessors());
    }

    void close(@Disposes MemoryCodec codec) {
        codec.close();
    }
}
