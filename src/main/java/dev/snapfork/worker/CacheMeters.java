package dev.snapfork.worker;

import dev.snapfork.cache.CacheFigures;
import dev.snapfork.cache.MemoryCache;
import dev.snapfork.platform.SnapforkConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.function.ToDoubleFunction;

/** Shows how the cache of decoded memory does, on the metrics' page. Opens the cache when a worker starts. */
@ApplicationScoped
class CacheMeters {
    private static final String PREFIX = "snapfork.fork.cache.";

    private final SnapforkConfig config;
    private final MeterRegistry registry;
    private final Instance<MemoryCache> caches;

    CacheMeters(SnapforkConfig config, MeterRegistry registry, Instance<MemoryCache> caches) {
        this.config = config;
        this.registry = registry;
        this.caches = caches;
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(SnapforkConfig.Role.WORKER)) {
            var cache = caches.get();
            count(cache, "hits", "forks that copied decoded memory", CacheFigures::hits);
            count(cache, "misses", "forks that decoded", CacheFigures::misses);
            count(cache, "evictions", "entries that made room for others", CacheFigures::evictions);
            count(cache, "failures", "entries that could not be written or removed", CacheFigures::failures);
            gauge(cache, "size", "allocated to entries", "bytes", CacheFigures::bytes);
            gauge(cache, "entries", "memory of so many snapshots", null, CacheFigures::entries);
        }
    }

    private void count(MemoryCache cache, String name, String what, ToDoubleFunction<CacheFigures> figure) {
        FunctionCounter.builder(PREFIX + name, cache, of(figure))
                .description(what)
                .register(registry);
    }

    private void gauge(
            MemoryCache cache,
            String name,
            String what,
            @org.jspecify.annotations.Nullable String unit,
            ToDoubleFunction<CacheFigures> figure) {
        Gauge.builder(PREFIX + name, cache, of(figure))
                .description(what)
                .baseUnit(unit)
                .register(registry);
    }

    private static ToDoubleFunction<MemoryCache> of(ToDoubleFunction<CacheFigures> figure) {
        return cache -> figure.applyAsDouble(cache.figures());
    }
}
