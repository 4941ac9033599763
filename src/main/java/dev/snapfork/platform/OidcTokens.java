package dev.snapfork.platform;

import java.security.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Verifies access tokens of an OpenID provider: by its public keys, its name and the audience. They allow what they say, in {@code
 * permissions} or else in {@code scope}, and nothing if they say nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9068">RFC 9068</a>
 */
final class OidcTokens implements AutoCloseable {
    private static final List<String> CLAIMS = List.of("permissions", "scope", "scp");
    private static final String[] ALGORITHMS = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
    };

    private final OidcKeys keys;
    private final JwtConsumer consumer;

    /** @param audience what a token must be meant for */
    OidcTokens(OidcKeys keys, String issuer, String audience) {
        this.keys = keys;
        this.consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(this::key)
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, ALGORITHMS))
                .setExpectedIssuer(issuer)
                .setExpectedAudience(audience)
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(TokenVerdict.CLOCK_SKEW_SECONDS)
                .build();
    }

    private Key key(JsonWebSignature token, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        try {
            return new JwksVerificationKeyResolver(keys.known()).resolveKey(token, nesting);
        } catch (UnresolvableKeyException e) {
            keys.miss();
            throw e;
        }
    }

    TokenVerdict verify(String token) {
        try {
            var claims = consumer.processToClaims(token);
            var permissions = permissions(claims);
            return new TokenVerdict.Grant(
                    Objects.requireNonNullElse(claims.getSubject(), ""),
                    permissions,
                    permissions.contains("*"),
                    TokenVerdict.until(claims));
        } catch (InvalidJwtException | MalformedClaimException e) {
            return TokenVerdict.refusal(e);
        }
    }

    /** As a list, or as words with blanks between. */
    private static List<String> permissions(JwtClaims claims) throws MalformedClaimException {
        var all = new ArrayList<String>();
        for (var claim : CLAIMS) {
            if (claims.isClaimValueStringList(claim)) {
                all.addAll(claims.getStringListClaimValue(claim));
            } else if (claims.isClaimValueString(claim)) {
                all.addAll(Arrays.asList(claims.getStringClaimValue(claim).split(" ", -1)));
            }
            if (claims.hasClaim(claim)) {
                return all;
            }
        }
        return all;
    }

    @Override
    public void close() {
        keys.close();
    }
}
