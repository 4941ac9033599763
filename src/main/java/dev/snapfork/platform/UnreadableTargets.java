package dev.snapfork.platform;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Has requests whose path or query is malformed come to {@link RequestGate}, which says what is wrong with them. Quarkus would
 * refuse them before any handler, without a body; it reads this switch once, after the configuration and before it listens.
 */
public final class UnreadableTargets implements ConfigSourceFactory {
    private static final String SWITCH = "vertx.disableURIValidation";

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        System.setProperty(SWITCH, "true");
        return List.of();
    }
}
