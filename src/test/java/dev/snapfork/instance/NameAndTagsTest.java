package dev.snapfork.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameAndTagsTest {
    @ParameterizedTest
    @CsvSource({
        "a,true",
        "0,true",
        "a-b,true",
        "a--b,true",
        "nightly-20260301,true",
        "'',false",
        "-a,false",
        "a-,false",
        "A,false",
        "a_b,false",
        "a.b,false",
        "a b,false",
        "ä,false",
        "'a\n',false"
    })
    void aNameHasLowercaseLettersDigitsAndInnerDashes(String name, boolean valid) {
        assertThat(Name.isValid(name)).isEqualTo(valid);
    }

    @Test
    void aNameHasAtMost63Characters() {
        assertThat(Name.require("x".repeat(63))).hasSize(63);
        assertThatIllegalArgumentException().isThrownBy(() -> Name.require("x".repeat(64)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "Az09 _.:/=+@-"})
    void aTagValueMayBeEmptyOrOfTheAllowedCharacters(String value) {
        assertThat(Tags.problem(Map.of("key", value))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ü", "a\tb", "a\nb", "#", "\u0000"})
    void otherCharactersAreRefusedInKeysAndValues(String text) {
        assertThat(Tags.problem(Map.of("key", text))).isPresent();
        assertThat(Tags.problem(Map.of(text, "value"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"0,0,false", "1,0,true", "128,256,true", "129,0,false", "1,257,false"})
    void lengthsAreBounded(int key, int value, boolean valid) {
        assertThat(Tags.problem(Map.of("k".repeat(key), "v".repeat(value))).isEmpty())
                .isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"50,true", "51,false"})
    void thereAreAtMost50(int count, boolean valid) {
        var tags = IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));

        assertThat(Tags.problem(tags).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example",
                "A1",
                "debian-12.5",
                "docker.io/library/alpine:3.20",
                "a/b@sha256:0f",
                "localhost:5000/x_y",
                "1"
            })
    void anImageIsNamedByDirectoriesThatMayLookLikeAReference(String name) {
        assertThat(ImageName.problem(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", "../a", "a/..", "a/../b", "a/./b", "/a", "a/", "a//b", ".hidden", "a/.b", "-rf", ":a",
                "a b", "a\\b", "a\n", "\u00E4", "a%2e", "~", "a\u0000"
            })
    void anImageThatCouldLeadElsewhereIsRefused(String name) {
        assertThat(ImageName.problem(name))
                .hasValueSatisfying(problem -> assertThat(problem).contains("below images/"));
    }

    @Test
    void anImageHasAtMost255Characters() {
        assertThat(ImageName.problem("x".repeat(255))).isEmpty();
        assertThat(ImageName.problem("x".repeat(256))).contains("image must have at most 255 characters, got 256");
    }
}
