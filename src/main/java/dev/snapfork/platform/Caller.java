package dev.snapfork.platform;

import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/** Who sent a request: every route's {@link SecurityContext}. The principal's name is the token's subject, empty without one. */
final class Caller implements SecurityContext {
    private final TokenVerdict.Grant grant;

    Caller(TokenVerdict.Grant grant) {
        this.grant = grant;
    }

    @Override
    public Principal getUserPrincipal() {
        return new Leave(grant.subject(), grant.until());
    }

    /** @param scope {@code snapshot:write} for instance */
    @Override
    public boolean isUserInRole(String scope) {
        return grant.allows(scope);
    }

    /** Not known behind a proxy, and nobody asks. */
    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public String getAuthenticationScheme() {
        return "Bearer";
    }
}
