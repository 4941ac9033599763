package dev.snapfork.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0,0s",
        "24h,24h0m0s",
        "90m,1h30m0s",
        "1h30m,1h30m0s",
        "60s,1m0s",
        "1.5s,1.5s",
        ".5m,30s",
        "300ms,300ms",
        "1500ms,1.5s",
        "1us,1µs",
        "1µs,1µs",
        "1500ns,1.5µs",
        "100ns,100ns",
        "-2m,-2m0s",
        "+5s,5s",
        "1h0.000000001s,1h0m0.000000001s",
        "-1.5h,-1h30m0s",
        "2562047h47m16.854775807s,2562047h47m16.854775807s"
    })
    void theTextIsReadAsGoDoesAndWrittenInItsCanonicalForm(String text, String canonical) {
        assertThat(GoDuration.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "1d", "1 h", "h1", "1h-5m", "--1s", ".s", "1.2.3s", "1S", "2562048h", "٣s"})
    void whatGoDoesNotReadIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoDuration.parse(text))
                .withMessageContaining("duration");
    }

    @Test
    void aTextOfAnyLengthIsDecidedOn() {
        assertThatIllegalArgumentException().isThrownBy(() -> GoDuration.parse("1h".repeat(100_000)));
    }

    @Test
    void theCanonicalFormIsReadBackAsTheSameDuration() {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++) {
            var duration = GoDuration.ofNanos(random.nextLong() >> random.nextInt(60));
            assertThat(GoDuration.parse(duration.toString())).isEqualTo(duration);
        }
        assertThat(GoDuration.parse("1m").value()).isEqualTo(Duration.ofMinutes(1));
    }
}
