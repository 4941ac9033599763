package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.snapfork.operation.Cuid;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");

    @Test
    void aCursorIsReadBack() {
        var random = new Random(5);
        for (var i = 0; i < 1_000; i++) {
            var cursor = new Page.Cursor(
                    Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)), Cuid.random(random));

            assertThat(Page.Cursor.parse(cursor.toString())).isEqualTo(cursor);
            assertThat(cursor.toString()).matches("[A-Za-z0-9_-]+");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "!", "AAAAAAAAAAAAAAAA", "====", "f_________________________________________________"})
    void anythingElseIsNoCursor(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Page.Cursor.parse(text))
                .withMessageContaining("cursor is none that a Link header gave");
    }

    @Test
    void aCursorThatWasTamperedWithIsNoneOrNamesAnId() {
        var random = new Random(6);
        var good = Base64.getUrlDecoder().decode(new Page.Cursor(NOW, "a".repeat(24)).toString());
        for (var i = 0; i < 5_000; i++) {
            var bytes = good.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            var text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            try {
                assertThat(Cuid.isValid(Page.Cursor.parse(text).id())).isTrue();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("cursor");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,true", "1000,true", "0,false", "-1,false", "1001,false"})
    void aLimitIsBetween1And1000(int limit, boolean valid) {
        if (valid) {
            assertThat(new Page.Request(limit, null).limit()).isEqualTo(limit);
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> new Page.Request(limit, null));
        }
    }

    @ParameterizedTest
    @CsvSource({"2,true", "3,false", "4,false"})
    void thereIsANextPageOnlyIfARowWasFetchedPastTheLimit(int limit, boolean next) {
        var rows = List.of("a".repeat(24), "b".repeat(24), "c".repeat(24));

        var page = Page.of(rows, limit, row -> new Page.Cursor(NOW, row), row -> row.substring(0, 1));

        assertThat(page.items()).isEqualTo(List.of("a", "b", "c").subList(0, Math.min(limit, 3)));
        assertThat(page.next().map(Page.Cursor::id).orElse("")).isEqualTo(next ? "b".repeat(24) : "");
    }
}
