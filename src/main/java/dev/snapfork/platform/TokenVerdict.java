package dev.snapfork.platform;

import java.util.List;
import org.jose4j.jwt.consumer.InvalidJwtException;

/** What came of looking at a bearer token. */
sealed interface TokenVerdict {
    /**
     * What a token allows.
     *
     * @param subject whom it was given to; empty if it does not say
     */
    record Grant(String subject, List<String> permissions, boolean everything) implements TokenVerdict {
        /** Of a service that asks for no tokens. */
        static final Grant ANYBODY = new Grant("", List.of(), true);

        boolean allows(String scope) {
            return everything || permissions.contains(scope);
        }
    }

    /** Why a token allows nothing. */
    enum Refused implements TokenVerdict {
        /** It is not ours, is not for us, or makes no sense; or its key is not known yet. */
        INVALID("invalid token"),
        /** It was one of ours: get another. */
        EXPIRED("the token has expired");

        private final String message;

        Refused(String message) {
            this.message = message;
        }

        String message() {
            return message;
        }
    }

    /** Whether a token has expired is asked, and said, only once its signature is known to be right. */
    static Refused refusal(Exception problem) {
        return problem instanceof InvalidJwtException invalid && invalid.hasExpired()
                ? Refused.EXPIRED
                : Refused.INVALID;
    }
}
