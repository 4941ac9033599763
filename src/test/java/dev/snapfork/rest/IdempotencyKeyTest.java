package dev.snapfork.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.platform.BadRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"x", "8e03978e-40d5-43dd-bc93-6894a57f9324", "\"quoted\"", "stainless-retry~1", "!#$%&'*+"})
    void aNameOfVisibleAsciiCharactersIsAKey(String key) {
        assertThat(IdempotencyKey.of(List.of(key), "me"))
                .hasValueSatisfying(found -> assertThat(found.key()).isEqualTo(key));
    }

    @Test
    void aRequestWithoutTheHeaderHasNoKey() {
        assertThat(IdempotencyKey.of(List.of(), "me")).isEmpty();
    }

    @Test
    void aKeyHasAtMost255Characters() {
        assertThat(IdempotencyKey.of(List.of("k".repeat(255)), "me")).isPresent();
        assertThatThrownBy(() -> IdempotencyKey.of(List.of("k".repeat(256)), "me"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("1 to 255 characters, got 256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "tab\there", "grün", "\u007f", "a\0b", "😀"})
    void whatIsNoKeyIsRefusedWithTheReason(String key) {
        assertThatThrownBy(() -> IdempotencyKey.of(List.of(key), "me"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("Idempotency-Key: must ");
    }

    @Test
    void twoKeysAreOneTooMany() {
        assertThatThrownBy(() -> IdempotencyKey.of(List.of("a", "b"), "me"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("send one, got 2");
    }

    @Test
    void whatOneCallsARequestIsNotWhatAnotherDoesAndTheirNamesAreNotKept() {
        var mine = IdempotencyKey.of(List.of("k"), "me").orElseThrow();

        assertThat(mine).isEqualTo(IdempotencyKey.of(List.of("k"), "me").orElseThrow());
        assertThat(mine).isNotEqualTo(IdempotencyKey.of(List.of("k"), "you").orElseThrow());
        assertThat(mine.caller()).hasSize(64).doesNotContain("me");
    }
}
