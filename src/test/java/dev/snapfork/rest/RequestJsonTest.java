package dev.snapfork.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.platform.BadRequestException;
import jakarta.ws.rs.ClientErrorException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestJsonTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"kind": "Stopped"              | it ends too early
        {"kind": Stopped}               | Unrecognized token 'Stopped'
        {"kind": "Stopped", "kind": "Standby"} | Duplicate field 'kind'
        {"kind": "Stopped"} {}          | goes on after its JSON value
        {"kind": "Stopped"} x           | is not readable JSON at line 1, column
        {"kind": NaN}                   | Non-standard token 'NaN'
        {'kind': 1}                     | Unexpected character
        {"kind": 01}                    | Leading zeroes not allowed
        {"kind": "Stopped",}            | Unexpected character
        // {}                           | Unexpected character
        """)
    void whatIsNoJsonIsRefusedInWordsForItsSender(String body, String words) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining(words)
                .hasMessageNotContainingAny(
                        "com.fasterxml", "dev.snapfork", "JsonReadFeature", "StreamRead", "Source:");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        var bytes = "{\"kind\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> RequestJson.parse(bytes))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "0,"})
    void morePartsOrDeeperNestingThanAnyRequestNeedsIsRefused(String part) {
        assertThatThrownBy(() -> parse("[" + part.repeat(RequestJson.MAX_BYTES / 8)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("nested more than 32 deep, has more than 10000 parts");
    }

    @Test
    void aNumberOfImmenseLengthIsRefused() {
        assertThatThrownBy(() -> parse("1".repeat(RequestJson.MAX_BYTES))).isInstanceOf(BadRequestException.class);
    }

    @Test
    void aLargerBodyThanAnyRequestNeedsIsNotParsed() {
        assertThatThrownBy(() -> parse(" ".repeat(RequestJson.MAX_BYTES + 1)))
                .isInstanceOfSatisfying(
                        ClientErrorException.class,
                        e -> assertThat(e.getResponse().getStatus()).isEqualTo(413))
                .hasMessage("the body has 131073 bytes: at most 131072 are read");
    }

    private static JsonNode parse(String body) {
        return RequestJson.parse(body.getBytes(StandardCharsets.UTF_8));
    }
}
