package dev.snapfork.platform;

import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.time.Instant;

/**
 * The principal of a request, for answers that take longer than the token lasts.
 *
 * @param getName the token's subject, empty without one
 * @param until when the token ends
 */
public record Leave(String getName, Instant until) implements Principal {
    /** The leave of whoever is behind a request. */
    public static Leave of(SecurityContext caller) {
        return caller.getUserPrincipal() instanceof Leave leave ? leave : new Leave("", Instant.MAX);
    }
}
