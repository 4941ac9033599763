package dev.snapfork.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @Test
    void isALineThatStartsOver() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("mac", "02:00:00:00:00:01");
        fields.put("reason", "a b=c%\n");

        assertThat(new Message("7f", "identify", fields).encoded())
                .isEqualTo("\u0018snapfork/1 7f identify mac=02:00:00:00:00:01 reason=a%20b%3Dc%25%0A\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "a b", "100%", "=", "\u0000\u0018\u007f", "grün €"})
    void isReadAsItWasWritten(String value) {
        var message = new Message("id", "ok", Map.of("key", value));

        assertThat(Message.decoded(message.encoded().strip())).contains(message);
    }

    @Test
    void isReadFromWhereItStartsOver() {
        assertThat(Message.decoded("snapfork/1 old ok mac=do\u0018snapfork/1 new ok"))
                .contains(new Message("new", "ok", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "noise",
                "snapfork/1",
                "snapfork/1 id",
                "snapfork/2 id ok",
                "snapfork/1 id ok word",
                "snapfork/1 id ok =value",
                "snapfork/1 id ok key=%",
                "snapfork/1 id ok key=%4",
                "snapfork/1 id ok key=%zz",
                "snapfork/1 id ok key=1 key=2",
                "snapfork/1 id ok  key=1"
            })
    void isNothingElse(String line) {
        assertThat(Message.decoded(line)).isEmpty();
    }
}
