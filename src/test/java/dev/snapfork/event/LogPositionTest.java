package dev.snapfork.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogPositionTest {
    @Test
    void aPlaceIsReadBackFromItsText() {
        var random = new Random(1);
        for (var partitions = 1; partitions < 70; partitions++) {
            var offsets = random.longs(partitions)
                    .map(bits -> (bits & Long.MAX_VALUE) >>> random.nextInt(63))
                    .toArray();

            var read = LogPosition.parse(LogPosition.of(offsets).toString());

            assertThat(read.offsets(0)).isEqualTo(offsets);
        }
    }

    @Test
    void itFitsIntoAHeaderAndAUrl() {
        var offsets = new long[12];
        java.util.Arrays.fill(offsets, 10_000_000);

        assertThat(LogPosition.of(offsets).toString()).hasSizeLessThan(70).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void aPartitionThatWasNotThereBeginsAtTheBeginning() {
        var position = LogPosition.of(new long[] {5});

        assertThat(position.offset(0)).isEqualTo(5);
        assertThat(position.offset(1)).isZero();
        assertThat(position.offsets(3)).containsExactly(5, 0, 0);
        assertThat(LogPosition.beginning().offset(7)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "gA", "____________________", "-1", "12:30"})
    void otherTextsAreNoPlaces(String text) {
        assertThatThrownBy(() -> LogPosition.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void immenseTextsAreNoPlaces() {
        var most = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[4096]);
        assertThat(LogPosition.parse(most).offsets(0)).hasSize(4096);
        var more = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[4097]);
        assertThatThrownBy(() -> LogPosition.parse(more)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LogPosition.parse("A".repeat(100_000))).isInstanceOf(IllegalArgumentException.class);
    }
}
