package dev.snapfork.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.log.WireJson;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedRecordTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1} | {"b":1} | /a was 1 and is gone
            {"a":1} | {"a":"1"} | /a was 1 and is "1"
            {"a":{"b":[{"c":1}]}} | {"a":{"b":[{"d":1}]}} | /a/b/0/c was 1 and is gone
            {"a":[1,2]} | {"a":[1]} | /a was [1,2] and is [1]
            {"a":null} | {} | /a was null and is gone
            """)
    void whatIsNotSaidAnyMoreIsLost(String recorded, String now, String lost) throws IOException {
        assertThat(RecordedRecord.lost(json(recorded), json(now))).containsExactly(lost);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1} | {"a":1,"b":2}
            {"a":["x"]} | {"a":["x","y"]}
            {} | {"a":{}}
            """)
    void whatIsSaidBesideIsNoLoss(String recorded, String now) throws IOException {
        assertThat(RecordedRecord.lost(json(recorded), json(now))).isEmpty();
    }

    private static JsonNode json(String text) throws IOException {
        return WireJson.mapper().readTree(text);
    }
}
