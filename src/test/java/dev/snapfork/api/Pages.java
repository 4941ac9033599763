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

    /** Where the next page is. */
    static String next(Answer page) {
        var link = String.valueOf(page.header("Link"));
        var next = NEXT.matcher(link);
        assertThat(next.matches()).as(link).isTrue();
        return next.group(1);
    }

    /** The ids of all pages, one after the other. */
    static List<String> ids(ApiClient api, String first) {
        var ids = new ArrayList<String>();
        var path = first;
        for (var pages = 0; pages < MOST; pages++) {
            var page = api.get(path).expect(200);
            ids.addAll(page.ids());
            if (page.header("Link") == null) {
                return ids;
            }
            path = next(page);
        }
        throw new AssertionError("the pages of " + first + " have no end");
    }
}
