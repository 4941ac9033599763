package dev.snapfork.platform;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Connects the Kafka consumers of the roles that this process plays, and no others. A process with a lasting name of its own joins
 * their groups by it, and so goes on at once after a restart instead of when its old session has run out.
 */
public final class RoleChannels implements ConfigSourceFactory {
    private static final String ROLES = "snapfork.roles";
    private static final String INSTANCE_ID = "snapfork.instance-id";
    private static final int BELOW_EVERYTHING_ELSE = 50;
    private static final Map<String, Set<String>> CHANNELS_BY_ROLE =
            Map.of("worker", Set.of("commands", "compressions", "verifications"), "projection", Set.of("projection"));

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        var settings = new HashMap<String, String>();
        var roles = Stream.of(value(context, ROLES).split(",", -1))
                .map(role -> role.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        var instanceId = value(context, INSTANCE_ID).strip();
        CHANNELS_BY_ROLE.forEach((role, channels) -> channels.forEach(channel -> {
            var prefix = "mp.messaging.incoming." + channel;
            if (!roles.contains(role)) {
                settings.put(prefix + ".enabled", "false");
            } else if (!instanceId.isEmpty()) {
                settings.put(prefix + ".group.instance.id", instanceId);
            }
        }));
        return List.of(new PropertiesConfigSource(settings, "snapfork-roles", BELOW_EVERYTHING_ELSE));
    }

    private static String value(ConfigSourceContext context, String name) {
        var value = context.getValue(name).getValue();
        return value == null ? "" : value;
    }
}
