package dev.snapfork.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTest {
    @Test
    void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(new Series(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(new Series(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"50, 100", "99, 198", "99.5, 199", "99.6, 200", "100, 200", "0.1, 1"})
    void aPercentileIsTheSmallestValueThatSoManyDoNotExceed(double percent, double expected) {
        var upTo200 = new Series(
                IntStream.rangeClosed(1, 200).mapToObj(it -> 201.0 - it).toList());

        var percentile = upTo200.percentile(percent);

        assertThat(percentile).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0", "100.1", "-1"})
    void thereIsNoOtherPercentile(double percent) {
        assertThatThrownBy(() -> new Series(List.of(1.0)).percentile(percent))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSpreadGoesFromTheSmallestToTheLargest() {
        assertThat(new Series(List.of(2.0, 0.5, 1.0)).spread()).isEqualTo("0.500..2.000");
    }

    @Test
    void nothingMeasuredIsNoSeries() {
        assertThatThrownBy(() -> new Series(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
