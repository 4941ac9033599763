package dev.snapfork.platform;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/**
 * Verifies bearer tokens: JWTs with HS256, HS384 or HS512 and the configured secret, and those of an OpenID provider if one is configured.
 * Which of the two one is to be is said by its algorithm alone, so that a public key never passes for a secret.
 */
@ApplicationScoped
class BearerTokens {
    private static final int MIN_SECRET_BYTES = 32;

    private final boolean enabled;
    private final Optional<JwtConsumer> consumer;
    private final Optional<OidcTokens> provider;

    BearerTokens(SnapforkConfig config) {
        var auth = config.auth();
        enabled = auth.enabled();
        provider = enabled ? provider(auth.oidc()) : Optional.empty();
        consumer = enabled && (hasSecret(auth) || provider.isEmpty())
                ? Optional.of(consumer(secret(auth)))
                : Optional.empty();
    }

    private static boolean hasSecret(SnapforkConfig.Auth auth) {
        return auth.secret().isPresent() || auth.secretFile().isPresent();
    }

    private static Optional<OidcTokens> provider(SnapforkConfig.Oidc oidc) {
        return oidc.issuer().map(issuer -> {
            var audience = oidc.audience()
                    .orElseThrow(
                            () -> new IllegalStateException(
                                    "snapfork.auth.oidc.issuer is set without snapfork.auth.oidc.audience: tokens that are meant for others would do"));
            OidcKeys.requireSafe(issuer);
            oidc.jwksUrl().ifPresent(OidcKeys::requireSafe);
            return new OidcTokens(new OidcKeys(issuer, oidc.jwksUrl()), issuer.toString(), audience);
        });
    }

    @PreDestroy
    void close() {
        provider.ifPresent(OidcTokens::close);
    }

    boolean enabled() {
        return enabled;
    }

    TokenVerdict verify(String token) {
        return (isSymmetric(token)
                        ? consumer.map(ours -> verify(ours, token))
                        : provider.map(tokens -> tokens.verify(token)))
                .orElse(TokenVerdict.Refused.INVALID);
    }

    /** Whether it says that it is signed with a secret; one that says nothing that can be read is refused as such. */
    private static boolean isSymmetric(String token) {
        try {
            var header = new String(Base64.getUrlDecoder().decode(token.split("\\.", 2)[0]), StandardCharsets.UTF_8);
            return JsonUtil.parseJson(header).get("alg") instanceof String algorithm && algorithm.startsWith("HS");
        } catch (JoseException | IllegalArgumentException e) {
            return true;
        }
    }

    private static TokenVerdict verify(JwtConsumer consumer, String token) {
        try {
            var claims = consumer.processToClaims(token);
            var subject = Objects.requireNonNullElse(claims.getSubject(), "");
            if (!claims.hasClaim("permissions")) {
                return new TokenVerdict.Grant(subject, List.of(), true, TokenVerdict.until(claims));
            }
            var permissions = claims.getStringListClaimValue("permissions");
            return new TokenVerdict.Grant(subject, permissions, permissions.contains("*"), TokenVerdict.until(claims));
        } catch (InvalidJwtException | MalformedClaimException e) {
            return TokenVerdict.refusal(e);
        }
    }

    private static JwtConsumer consumer(byte[] secret) {
        return new JwtConsumerBuilder()
                .setVerificationKey(new HmacKey(secret))
                .setRelaxVerificationKeyValidation()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, "HS256", "HS384", "HS512"))
                .setAllowedClockSkewInSeconds(TokenVerdict.CLOCK_SKEW_SECONDS)
                .setSkipDefaultAudienceValidation()
                .build();
    }

    private static byte[] secret(SnapforkConfig.Auth auth) {
        var text = auth.secret()
                .or(() -> auth.secretFile().map(BearerTokens::read))
                .orElseThrow(() -> new IllegalStateException(
                        "nothing to verify bearer tokens with: set snapfork.auth.secret-file (or snapfork.auth.secret), or snapfork.auth.oidc.issuer, "
                                + "or snapfork.auth.enabled=false where nobody else can reach the service"));
        var bytes = text.strip().getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_SECRET_BYTES) {
            throw new IllegalStateException("the secret for bearer tokens has " + bytes.length
                    + " bytes: it needs at least " + MIN_SECRET_BYTES);
        }
        return bytes;
    }

    private static String read(java.nio.file.Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read snapfork.auth.secret-file " + file, e);
        }
    }
}
