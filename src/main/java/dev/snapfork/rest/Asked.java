package dev.snapfork.rest;

import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a POST says beside its body; filled in for each request. */
class Asked {
    @HeaderParam("Prefer")
    @Nullable
    String prefer;

    @HeaderParam(HttpHeaders.CONTENT_TYPE)
    @Nullable
    String contentType;

    /** Empty headers are headers as well; as a parameter they would not be there. */
    @Context
    @Nullable
    HttpHeaders headers;

    @Context
    @Nullable
    UriInfo uri;

    @Context
    @Nullable
    SecurityContext caller;

    /**
     * How the request is to be answered.
     *
     * @throws dev.snapfork.platform.BadRequestException if it has a key that cannot be one
     */
    Manner manner(byte @Nullable [] body) {
        var subject = caller == null || caller.getUserPrincipal() == null
                ? ""
                : caller.getUserPrincipal().getName();
        var key = IdempotencyKey.of(keys(), subject);
        return new Manner(Preferences.async(prefer), key, key.isEmpty() ? "" : digest(body));
    }

    private List<String> keys() {
        var keys = headers == null ? null : headers.getRequestHeader(IdempotencyKey.HEADER);
        return keys == null ? List.of() : keys;
    }

    /** The bytes count, not what they mean: a body written in another order is another body. */
    private String digest(byte @Nullable [] body) {
        var path = uri == null ? "" : uri.getRequestUri().getRawPath();
        return Sha256.hex("POST " + path + "\n", body == null ? new byte[0] : body);
    }

    /**
     * How a request is to be answered.
     *
     * @param async without waiting for the command's end
     * @param key what its sender calls it
     * @param digest of method, path and body; empty where there is no key
     */
    record Manner(boolean async, Optional<IdempotencyKey> key, String digest) {
        /** Of a request that is not called anything. */
        static Manner plain(boolean async) {
            return new Manner(async, Optional.empty(), "");
        }
    }
}
