package dev.snapfork.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.platform.BadRequestException;
import dev.snapfork.view.Page;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagingTest {
    private static final Page.Cursor CURSOR =
            new Page.Cursor(Instant.parse("2026-01-02T03:04:05.678901Z"), "a".repeat(24));

    @Test
    void withoutParametersEverythingIsAskedFor() {
        assertThat(Paging.request(query())).isEqualTo(new Page.Request(null, null));
    }

    @Test
    void limitAndCursorAreRead() {
        assertThat(Paging.request(query("limit", "1000", "cursor", CURSOR.toString())))
                .isEqualTo(new Page.Request(1000, CURSOR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "", "x", "1.5", "99999999999"})
    void aLimitOutOfRangeIsRefusedWithItsRange(String limit) {
        assertThatThrownBy(() -> Paging.request(query("limit", limit)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("between 1 and 1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAA", "!!!!"})
    void aCursorOfAnotherMakeIsRefused(String cursor) {
        assertThatThrownBy(() -> Paging.request(query("cursor", cursor)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("cursor");
    }

    @Test
    void aLimitThatIsGivenTwiceIsRefused() {
        assertThatThrownBy(() -> Paging.request(query("limit", "1", "limit", "2")))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("limit is given 2 times: give it once");
    }

    @Test
    void theLinkKeepsEveryOtherParameterAndReplacesTheCursor() {
        var query = query("limit", "2", "cursor", "old", "tags[a&b]", "x y=ü>", "name", "n");

        var link = Paging.next("/snapshots", query, CURSOR);

        assertThat(link).startsWith("</snapshots?").endsWith(">; rel=\"next\"").isASCII();
        var target = URI.create(link.substring(1, link.indexOf('>')));
        assertThat(target.getRawQuery().split("&"))
                .extracting(pair -> URLDecoder.decode(pair, StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("limit=2", "tags[a&b]=x y=ü>", "name=n", "cursor=" + CURSOR);
    }

    private static MultivaluedMap<String, String> query(String... namesAndValues) {
        var query = new MultivaluedHashMap<String, String>();
        for (var i = 0; i < namesAndValues.length; i += 2) {
            query.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return query;
    }
}
