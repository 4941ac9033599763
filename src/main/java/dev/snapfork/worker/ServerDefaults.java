package dev.snapfork.worker;

import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.platform.SnapforkConfig;
import org.jspecify.annotations.Nullable;

/** What the service's configuration wants where neither request nor instance says anything. */
final class ServerDefaults {
    private ServerDefaults() {}

    /** @throws IllegalStateException if the configuration cannot be meant */
    static @Nullable CompressionConfig compression(SnapforkConfig.Compression config) {
        if (!config.enabled()) {
            return null;
        }
        var compression = new CompressionConfig(
                true,
                CompressionAlgorithm.parse(config.algorithm()),
                config.level().orElse(null));
        compression.problem().ifPresent(problem -> {
            throw new IllegalStateException("snapfork.compression." + problem);
        });
        return compression.resolved();
    }
}
