package dev.snapfork.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.local.LaunchException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static final Path PROJECT = Path.of("/project");

    @Test
    void withoutOptionsEverythingIsMeasuredFiveTimes() {
        var options = Options.parse(PROJECT, List.of());

        assertThat(options.runs()).isEqualTo(5);
        assertThat(options.only().picks("compress/busy/zstd-1")).isTrue();
        assertThat(options.data()).isEqualTo(Path.of("/shared/data"));
        assertThat(options.json()).isEqualTo(Path.of("/project/target/bench.json"));
    }

    @Test
    void everyOptionCounts() {
        var options = Options.parse(
                PROJECT,
                List.of(
                        "--runs", "7", "--only", "decode", "--data", "/d", "--file", "/f", "--json", "/j", "--work",
                        "/w"));

        assertThat(options.runs()).isEqualTo(7);
        assertThat(options.only().wanted()).containsExactly("decode");
        assertThat(options.data()).isEqualTo(Path.of("/d"));
        assertThat(options.file()).contains(Path.of("/f"));
        assertThat(options.json()).isEqualTo(Path.of("/j"));
        assertThat(options.work()).contains(Path.of("/w"));
    }

    @ParameterizedTest
    @CsvSource({"--runs,4", "--runs,many", "--fast,yes"})
    void whatIsNotUnderstoodIsSaid(String name, String value) {
        assertThatThrownBy(() -> Options.parse(PROJECT, List.of(name, value)))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining(name);
    }

    @Test
    void anOptionNeedsItsValue() {
        assertThatThrownBy(() -> Options.parse(PROJECT, List.of("--runs")))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("--runs needs a value");
    }

    @ParameterizedTest
    @CsvSource({
        "compress, compress/busy/zstd-1, true",
        "compress/busy, compress/busy/zstd-1, true",
        "compress/busy/zstd-1, compress/busy/zstd-1, true",
        "compress/busy/zstd-1, compress/busy/zstd-19, false",
        "fork, fork-memory/busy/zstd, false",
        "compress/busy/zstd-1, compress/idle/zstd-1, false",
        "compress/busy, compress, true",
        "fork, fork-memory, false",
        "fork-memory, fork, false"
    })
    void whatIsWantedPicksItselfItsPartsAndWhatItIsAPartOf(String wanted, String id, boolean picked) {
        assertThat(new Selection(List.of(wanted)).picks(id)).isEqualTo(picked);
    }

    @Test
    void whatWasWantedAndIsNotThereIsKnown() {
        var selection = new Selection(List.of("compress/busy", "decode/busy/zstd", "compress/busy/zstd-2"));

        var missing = selection.missingAmong(List.of("compress/busy/zstd-1/verified", "decode/busy/zstd"));

        assertThat(missing).containsExactly("compress/busy/zstd-2");
    }
}
