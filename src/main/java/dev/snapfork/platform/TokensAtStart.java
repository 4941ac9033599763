package dev.snapfork.platform;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Has a process that serves the API end at its start, and not answer its first call with a fault, when it could verify no token. */
@ApplicationScoped
class TokensAtStart {
    void check(@Observes StartupEvent event, BearerTokens tokens, SnapforkConfig config) {
        if (config.roles().contains(SnapforkConfig.Role.API)) {
            // they are made when they are first asked for something
            var unused = tokens.enabled();
        }
    }
}
