package dev.snapfork.platform;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/** Lets a request through if its token has the scope that its route asks for. */
class ScopeFilter {
    private static final String SCHEME = "Bearer ";

    private final BearerTokens tokens;

    ScopeFilter(BearerTokens tokens) {
        this.tokens = tokens;
    }

    @ServerRequestFilter
    @Nullable
    Response check(ContainerRequestContext request, SimpleResourceInfo route) throws NoSuchMethodException {
        var scope = scope(route);
        if (Scope.OPEN.equals(scope) || !tokens.enabled()) {
            return null;
        }
        var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (header == null || header.isBlank()) {
            return unauthorized("authorization header required");
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return unauthorized("invalid authorization header format");
        }
        var grant = tokens.verify(header.substring(SCHEME.length()).strip());
        if (grant.isEmpty()) {
            return unauthorized("invalid token");
        }
        return scope != null && grant.get().allows(scope)
                ? null
                : ApiError.response(403, "Forbidden", "missing required scope: " + scope);
    }

    private static @Nullable String scope(SimpleResourceInfo route) throws NoSuchMethodException {
        var annotation = route.getResourceClass()
                .getMethod(route.getMethodName(), route.parameterTypes())
                .getAnnotation(Scope.class);
        return annotation == null ? null : annotation.value();
    }

    private static Response unauthorized(String message) {
        return ApiError.of("Unauthorized", message)
                .response(401)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }
}
