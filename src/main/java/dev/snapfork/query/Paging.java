package dev.snapfork.query;

import dev.snapfork.log.WireJson;
import dev.snapfork.view.Page;
import jakarta.ws.rs.core.*;

final class Paging {
    static Page.Request request(MultivaluedMap<String, String> q) {
        var l = q.getFirst("limit");
        var c = q.getFirst("cursor");
        return new Page.Request(l == null ? null : Integer.valueOf(l), c == null ? null : Page.Cursor.parse(c));
    }

    static Response json(Object o) {
        return Response.ok(WireJson.text(o)).type(MediaType.APPLICATION_JSON).build();
    }

    static Response answer(UriInfo u, Page<?> p) {
        return json(p.items());
    }
}
