package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
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
            projection            | commands compressions
            api                   | commands compressions projection
            api, Worker           | projection
            """)
    void onlyTheChannelsOfTheRolesAreConnected(String roles, @Nullable String off) {
        var config = new SmallRyeConfigBuilder()
                .withDefaultValues(Map.of("snapfork.roles", roles))
                .withSources(new RoleChannels())
                .build();

        var switchedOff = Stream.of("commands", "compressions", "projection").filter(channel -> config.getOptionalValue(
                        "mp.messaging.incoming." + channel + ".enabled", String.class)
                .filter("false"::equals)
                .isPresent());

        assertThat(switchedOff).containsExactlyElementsOf(off == null ? List.of() : List.of(off.split(" ", -1)));
    }
}
