package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Goes through a list as its Link headers say. */
final class Pages {
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");
    private static final int MOST = 1000;

    private Pages() {}

    /** The ids of all pages, one after the other. */
    static List<String> ids(ApiClient api, String first) {
        var ids = new ArrayList<String>();
        var path = first;
        for (var pages = 0; pages < MOST; pages++) {
            var page = api.get(path).expect(200);
            ids.addAll(page.ids());
            var link = page.header("Link");
            if (link == null) {
                return ids;
            }
            var next = NEXT.matcher(link);
            assertThat(next.matches()).as(link).isTrue();
            path = next.group(1);
        }
        throw new AssertionError("the pages of " + first + " have no end");
    }
}
