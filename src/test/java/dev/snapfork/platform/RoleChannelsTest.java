package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleChannelsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            api,worker,projection | -
            worker                | projection
            projection            | commands compressions verifications
            api                   | commands compressions verifications projection
            api, Worker           | projection
            """)
    void onlyTheChannelsOfTheRolesAreConnected(String roles, @Nullable String off) {
        var config = new SmallRyeConfigBuilder()
                .withDefaultValues(Map.of("snapfork.roles", roles))
                .withSources(new RoleChannels())
                .build();

        var switchedOff = Stream.of("commands", "compressions", "verifications", "projection")
                .filter(channel -> config.getOptionalValue(
                                "mp.messaging.incoming." + channel + ".enabled", String.class)
                        .filter("false"::equals)
                        .isPresent());

        assertThat(switchedOff).containsExactlyElementsOf(off == null ? List.of() : List.of(off.split(" ", -1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            api,worker,projection | host-1 | commands compressions verifications projection
            worker                | host-1 | commands compressions verifications
            api,worker,projection | -      | -
            """)
    void aProcessWithALastingNameJoinsItsGroupsByIt(String roles, @Nullable String name, @Nullable String joined) {
        var settings = new HashMap<>(Map.of("snapfork.roles", roles));
        if (name != null) {
            settings.put("snapfork.instance-id", name);
        }
        var config = new SmallRyeConfigBuilder()
                .withDefaultValues(settings)
                .withSources(new RoleChannels())
                .build();

        var named = Stream.of("commands", "compressions", "verifications", "projection")
                .filter(channel -> config.getOptionalValue(
                                "mp.messaging.incoming." + channel + ".group.instance.id", String.class)
                        .isPresent());

        assertThat(named).containsExactlyElementsOf(joined == null ? List.of() : List.of(joined.split(" ", -1)));
    }
}
