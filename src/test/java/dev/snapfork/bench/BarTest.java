package dev.snapfork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarTest {
    @ParameterizedTest
    @CsvSource({
        "true, 2.6, faster >= 2.6 met",
        "true, 2.59, faster >= 2.6 MISSED",
        "false, 2.6, faster <= 2.6 met",
        "false, 2.61, faster <= 2.6 MISSED",
        "true, NaN, faster >= 2.6 MISSED",
        "false, NaN, faster <= 2.6 MISSED"
    })
    void aBarIsMetAtItsLimitAndOnTheSideItIsFor(boolean atLeast, double value, String expected) {
        assertThat(new Bar("faster", value, atLeast, 2.6).text()).isEqualTo(expected);
    }
}
