package dev.snapfork.query;

import dev.snapfork.log.WireJson;
import dev.snapfork.platform.BadRequestException;
import dev.snapfork.view.Page;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lists in pages: the body stays a bare array, the way to the next page is in the {@code Link} header (RFC 8288). */
final class Paging {
    private static final String LIMIT = "limit";
    private static final String CURSOR = "cursor";
    /** Without signs, blanks and digits of other scripts, and short enough for an int. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private Paging() {}

    /**
     * The stretch that a query asks for with {@code limit} and {@code cursor}; neither means everything.
     *
     * @throws BadRequestException if the limit is not in 1..1000 or the cursor is none of ours
     */
    static Page.Request request(MultivaluedMap<String, String> query) {
        var limit = Parameters.single(query, LIMIT);
        var cursor = Parameters.single(query, CURSOR);
        try {
            return new Page.Request(
                    limit == null ? null : number(limit), cursor == null ? null : Page.Cursor.parse(cursor));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(String.valueOf(e.getMessage()));
        }
    }

    static Response answer(UriInfo uri, Page<?> page) {
        var response = Response.fromResponse(json(page.items()));
        page.next()
                .ifPresent(cursor -> response.header(
                        HttpHeaders.LINK, next(uri.getRequestUri().getRawPath(), uri.getQueryParameters(), cursor)));
        return response.build();
    }

    /** The same of what is JSON already. */
    static Response documents(UriInfo uri, Page<String> page) {
        return documents(uri, page.items(), page.next().map(Page.Cursor::toString));
    }

    /**
     * The same of what is JSON already.
     *
     * @param next what goes on with the list as {@code cursor}
     */
    static Response documents(UriInfo uri, List<String> list, Optional<String> next) {
        var response = Response.fromResponse(document("[" + String.join(",", list) + "]"));
        next.ifPresent(cursor -> response.header(
                HttpHeaders.LINK, next(uri.getRequestUri().getRawPath(), uri.getQueryParameters(), encode(cursor))));
        return response.build();
    }

    /**
     * How many there may be on a page of a list that is never shown as a whole.
     *
     * @throws BadRequestException if the limit is not in 1..1000
     */
    static int limit(MultivaluedMap<String, String> query) {
        var limit = request(onlyLimit(query)).limit();
        return limit == null ? Page.Request.MAX_LIMIT : limit;
    }

    private static MultivaluedMap<String, String> onlyLimit(MultivaluedMap<String, String> query) {
        var only = new MultivaluedHashMap<String, String>();
        only.put(LIMIT, query.getOrDefault(LIMIT, List.of()));
        return only;
    }

    static Response json(Object body) {
        return document(WireJson.text(body));
    }

    static Response document(String json) {
        return Response.ok(json, MediaType.APPLICATION_JSON_TYPE).build();
    }

    /** The same query from the cursor on; relative, as the service may be reached under names that it does not know. */
    static String next(String rawPath, MultivaluedMap<String, String> query, Object cursor) {
        var target = new StringBuilder(rawPath).append('?');
        query.forEach((name, values) -> {
            if (!name.equals(CURSOR)) {
                values.forEach(value -> target.append(encode(name))
                        .append('=')
                        .append(encode(value))
                        .append('&'));
            }
        });
        return "<" + target + CURSOR + "=" + cursor + ">; rel=\"next\"";
    }

    private static int number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    LIMIT + " must be a whole number between 1 and " + Page.Request.MAX_LIMIT);
        }
        return Integer.parseInt(text);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
