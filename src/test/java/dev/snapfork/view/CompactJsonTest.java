package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompactJsonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{}|{}",
                "[]|[]",
                "{\"a\": 1, \"b\": [true, null]}|{\"a\":1,\"b\":[true,null]}",
                "{\"a b\": \"c: d, e\"}|{\"a b\":\"c: d, e\"}",
                "{\"a\": \"\\\" : \", \"b\": \"\\\\\", \"c\": \" \\\\\\\" \"}|{\"a\":\"\\\" : \",\"b\":\"\\\\\",\"c\":\" \\\\\\\" \"}"
            })
    void blanksBetweenPartsGoAndThoseInTextsStay(String json, String compact) {
        assertThat(CompactJson.of(json)).isEqualTo(compact);
        assertThat(CompactJson.of(compact)).isEqualTo(compact);
    }
}
