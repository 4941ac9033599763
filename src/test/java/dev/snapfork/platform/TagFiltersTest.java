package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagFiltersTest {
    @Test
    void everyPairIsReadAndOtherParametersAreLeftAlone() {
        var query = query("tags[team]=backend", "tags[a b/c:d]=", "name=x", "tagsy=1", "limit=2");

        assertThat(TagFilters.of(query)).isEqualTo(Map.of("team", "backend", "a b/c:d", ""));
    }

    @Test
    void theSamePairTwiceIsOnePair() {
        assertThat(TagFilters.of(query("tags[a]=1", "tags[a]=1"))).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void aKeyWithTwoValuesIsRefused() {
        assertThatThrownBy(() -> TagFilters.of(query("tags[a]=1", "tags[a]=2")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("more than one value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tags=a",
                "tags[=a",
                "tags[a=b",
                "tags[a]b=c",
                "tags[]=a",
                "tags[a][b]=c",
                "tags[é]=a",
                "tags[a]=é"
            })
    void whatIsNoFilterIsRefused(String pair) {
        assertThatThrownBy(() -> TagFilters.of(query(pair)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("tags: ");
    }

    @Test
    void filtersAreBoundedAsTagsAre() {
        var many = new MultivaluedHashMap<String, String>();
        for (var i = 0; i < 51; i++) {
            many.add("tags[k" + i + "]", "v");
        }

        assertThatThrownBy(() -> TagFilters.of(many)).hasMessage("tags: at most 50 tags are allowed, got 51");
        assertThatThrownBy(() -> TagFilters.of(query("tags[" + "k".repeat(129) + "]=v")))
                .isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> TagFilters.of(query("tags[k]=" + "v".repeat(257))))
                .isInstanceOf(BadRequestException.class);
    }

    private static MultivaluedMap<String, String> query(String... pairs) {
        var query = new MultivaluedHashMap<String, String>();
        for (var pair : pairs) {
            var parts = pair.split("=", 2);
            query.add(parts[0], parts[1]);
        }
        return query;
    }
}
