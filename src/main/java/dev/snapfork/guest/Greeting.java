package dev.snapfork.guest;

import java.util.Set;

/**
 * What an agent says of itself.
 *
 * @param capabilities the verbs that it knows beside {@code hello}
 */
public record Greeting(int protocol, String agentVersion, Set<String> capabilities) {
    public Greeting {
        capabilities = Set.copyOf(capabilities);
    }
}
