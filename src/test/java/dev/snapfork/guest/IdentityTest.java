package dev.snapfork.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    private static final UUID GENERATION = new UUID(1, 2);
    private static final String MAC = "02:00:00:00:00:01";

    @Test
    void macAddressesAreLocallyAdministeredAndDiffer() {
        var random = new Random(1);
        var seen = new HashSet<String>();
        for (var i = 0; i < 1000; i++) {
            var mac = MacAddress.random(random);

            assertThat(mac).matches("02(:[0-9a-f]{2}){5}");
            assertThat(seen.add(mac)).isTrue();
        }
    }

    @Test
    void aMachineIsCalledAsItsInstance() {
        assertThat(Hostname.of("web-1")).isEqualTo("web-1");
        assertThatIllegalArgumentException().isThrownBy(() -> Hostname.of("not a name"));
    }

    @Test
    void everyInstanceNameIsAHostname() {
        var longest = "a".repeat(63);

        assertThat(new Identity("id", Hostname.of(longest), MAC, GENERATION).hostname())
                .isEqualTo(longest);
    }

    @Test
    void macAddressesAreInLowerCase() {
        assertThat(new Identity("id", "host", "02:AB:00:00:00:01", GENERATION).mac())
                .isEqualTo("02:ab:00:00:00:01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx"})
    void idsAreShortWords(String id) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Identity(id, "host", MAC, GENERATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a.b", "a_b"})
    void hostnamesAreLettersDigitsAndDashes(String hostname) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Identity("id", hostname, MAC, GENERATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02", "02-00-00-00-00-01", "02:00:00:00:00:0g", "02:00:00:00:00:01:02"})
    void macAddressesAreSixOctets(String mac) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Identity("id", "host", mac, GENERATION));
    }
}
