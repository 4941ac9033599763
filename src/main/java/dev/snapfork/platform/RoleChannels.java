package dev.snapfork.platform;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Connects the Kafka consumers of the roles that this process plays, and no others. */
public final class RoleChannels implements ConfigSourceFactory {
    private static final String ROLES = "snapfork.roles";
    private static final int BELOW_EVERYTHING_ELSE = 50;
    private static final Map<String, Set<String>> CHANNELS_BY_ROLE =
            Map.of("worker", Set.of("commands", "compressions"), "projection", Set.of("projection"));

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        var value = context.getValue(ROLES).getValue();
        if (value == null || value.isBlank()) {
            return List.of();
        }
        var roles = Stream.of(value.split(",", -1))
                .map(role -> role.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Map<String, String> switches = CHANNELS_BY_ROLE.entrySet().stream()
                .filter(entry -> !roles.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .collect(Collectors.toMap(
                        channel -> "mp.messaging.incoming." + channel + ".enabled", channel -> "false"));
        return List.of(new PropertiesConfigSource(switches, "snapfork-roles", BELOW_EVERYTHING_ELSE));
    }
}
