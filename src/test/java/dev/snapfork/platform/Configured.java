package dev.snapfork.platform;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The configuration that a service without a file of its own has. */
public final class Configured {
    private static final int BEFORE_THE_USUAL_ONE = 200;

    private Configured() {}

    /** @param settings by property, {@code snapfork.data-dir} for instance */
    public static SnapforkConfig with(Map<String, String> settings) {
        var builder = new SmallRyeConfigBuilder()
                .withMapping(SnapforkConfig.class)
                .withConverter(Duration.class, BEFORE_THE_USUAL_ONE, new DurationConverter())
                .withDefaultValue("snapfork.data-dir", Path.of("nowhere").toString());
        settings.forEach(builder::withDefaultValue);
        return builder.build().getConfigMapping(SnapforkConfig.class);
    }
}
