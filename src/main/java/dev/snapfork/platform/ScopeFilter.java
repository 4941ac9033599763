package dev.snapfork.platform;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/** Lets a request through if this process serves the API and the token has the scope that the route asks for. */
class ScopeFilter {
    private static final String SCHEME = "Bearer ";

    private final BearerTokens tokens;
    private final boolean api;

    ScopeFilter(BearerTokens tokens, SnapforkConfig config) {
        this.tokens = tokens;
        this.api = config.roles().contains(SnapforkConfig.Role.API);
    }

    @ServerRequestFilter
    @Nullable
    Response check(ContainerRequestContext request, SimpleResourceInfo route) throws NoSuchMethodException {
        var scope = scope(route);
        if (Scope.OPEN.equals(scope)) {
            return null;
        }
        if (!api) {
            return ApiError.response(404, "Not Found", "this process does not play the role api");
        }
        if (!tokens.enabled()) {
            request.setSecurityContext(new Caller(TokenVerdict.Grant.ANYBODY));
            return null;
        }
        var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (header == null || header.isBlank()) {
            return unauthorized("authorization header required");
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return unauthorized("invalid authorization header format");
        }
        return switch (tokens.verify(header.substring(SCHEME.length()).strip())) {
            case TokenVerdict.Refused refused -> unauthorized(refused.message());
            case TokenVerdict.Grant grant -> {
                request.setSecurityContext(new Caller(grant));
                yield Scope.ASKED_LATER.equals(scope) || (scope != null && grant.allows(scope))
                        ? null
                        : ApiError.missingScope(scope);
            }
        };
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
