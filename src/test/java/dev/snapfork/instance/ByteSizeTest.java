package dev.snapfork.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0,0,0B",
        "1GB,1073741824,1GB",
        "1024MB,1073741824,1GB",
        "1536MB,1610612736,1536MB",
        "10B,10,10B",
        "1025,1025,1025B",
        "2KB,2048,2KB",
        "999999999999999999,999999999999999999,999999999999999999B"
    })
    void aSizeIsReadInPowersOf1024AndWrittenInTheShortestExactForm(String text, long bytes, String shown) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GB", "-1GB", "1.5GB", "1XB", "8589934592GB", "1 0MB"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("invalid size");
    }
}
