package dev.snapfork.platform;

import java.time.Instant;
import java.util.List;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;

/** What came of looking at a bearer token. */
sealed interface TokenVerdict {
    /** How far the clocks of those who make tokens may be from this one. */
    int CLOCK_SKEW_SECONDS = 30;

    /**
     * What a token allows.
     *
     * @param subject whom it was given to; empty if it does not say
     * @param until when it is refused from then on
     */
    record Grant(String subject, List<String> permissions, boolean everything, Instant until) implements TokenVerdict {
        /** Of a service that asks for no tokens. */
        static final Grant ANYBODY = new Grant("", List.of(), true, Instant.MAX);

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

    /** When a token with these claims is refused, if it is taken now. */
    static Instant until(JwtClaims claims) throws MalformedClaimException {
        var end = claims.getExpirationTime();
        return end == null ? Instant.MAX : Instant.ofEpochSecond(end.getValue()).plusSeconds(CLOCK_SKEW_SECONDS);
    }

    /** Whether a token has expired is asked, and said, only once its signature is known to be right. */
    static Refused refusal(Exception problem) {
        return problem instanceof InvalidJwtException invalid && invalid.hasExpired()
                ? Refused.EXPIRED
                : Refused.INVALID;
    }
}
