package dev.snapfork.hypervisor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
    @ParameterizedTest
    @CsvSource({
        "v51.1, 51.1.0, true",
        "1.16.1, v1.16.1, true",
        "1.16.1, 1.16.0, false",
        "1.17.0-dev, 1.17.0, false",
        "51.1, 51.10, false",
        "huh, huh, false",
    })
    void twoTextsMayNameTheSame(String one, String other, boolean same) {
        assertThat(Version.same(one, other)).isEqualTo(same);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "51", "v", "1.2.3.4", "a.b.c", "1.9999999"})
    void whatIsNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> Version.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void newerIsByNumbersNotByText() {
        assertThat(Version.parse("1.12").isAtLeast(1, 7)).isTrue();
        assertThat(Version.parse("2.0").isAtLeast(1, 7)).isTrue();
        assertThat(Version.parse("1.6.9").isAtLeast(1, 7)).isFalse();
        assertThat(Version.parse("1.6.0")).isLessThan(Version.parse("1.16.0"));
    }
}
