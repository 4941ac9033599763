package dev.snapfork.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CuidTest {
    @Test
    void randomIdsHaveTheShapeAndDiffer() {
        var random = new Random(3);
        var seen = new HashSet<String>();
        for (var i = 0; i < 10_000; i++) {
            var id = Cuid.random(random);
            assertThat(id).matches("[a-z][a-z0-9]{23}");
            assertThat(seen.add(id)).isTrue();
        }
    }

    @Test
    void aDerivedIdFollowsFromItsSeedForEver() {
        assertThat(Cuid.derived("seed")).isEqualTo(Cuid.derived("seed")).isNotEqualTo(Cuid.derived("other"));
        // frozen: commands in the log carry ids derived by earlier versions
        assertThat(Cuid.derived("k3v9s0dq1x7m2b8f4h6n5c1z/compress")).isEqualTo("l2avo4580z0dppke869xlt72");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "..",
                "../../../../etc/passwd/x",
                "AAAAAAAAAAAAAAAAAAAAAAAA",
                "aaaaaaaaaaaaaaaaaaaaaaa/",
                "aaaaaaaaaaaaaaaaaaaaaaaaa",
                "aaaaaaaaaaaaaaaaaaaaaaa\n",
                "äaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void nothingElseIsAnId(String text) {
        assertThat(Cuid.isValid(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new OperationId(text));
    }
}
