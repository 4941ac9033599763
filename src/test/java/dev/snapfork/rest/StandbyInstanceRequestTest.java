package dev.snapfork.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.operation.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandbyInstanceRequestTest {
    @ParameterizedTest
    @CsvSource({"45s,45s", "0,0s", "1h30m,1h30m0s", "8760h,8760h0m0s"})
    void aDelayIsADurationAsGoHasIt(String text, String delay) {
        assertThat(new StandbyInstanceRequest(null, text).delay()).hasToString(delay);
    }

    @Test
    void noneIsNone() {
        assertThat(new StandbyInstanceRequest(null, null).delay()).isNull();
    }

    @Test
    void oneBesideDisabledCompressionIsTaken() {
        assertThat(new StandbyInstanceRequest(CompressionConfig.DISABLED, "5m").delay())
                .hasToString("5m0s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            soon    | compression_delay: invalid duration "soon": write it like 30s, 5m or 1h30m
            5       | compression_delay: invalid duration "5": write it like 30s, 5m or 1h30m
            ''      | compression_delay: invalid duration "": write it like 30s, 5m or 1h30m
            -5s     | compression_delay must not be negative, got -5s
            8760h1s | compression_delay must be at most 8760h0m0s, got 8760h0m1s
            """)
    void whatIsNoneOrNegativeOrImmenseIsRefused(String text, String message) {
        var refusal = catchThrowableOfType(RefusedException.class, () -> new StandbyInstanceRequest(null, text).delay())
                .refusal();

        assertThat(refusal.code().text()).isEqualTo("invalid_compression_delay");
        assertThat(refusal.message()).isEqualTo(message);
    }
}
