package dev.snapfork.platform;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;

/** Verifies bearer tokens: JWTs with HS256, HS384 or HS512 and the configured secret. */
@ApplicationScoped
class BearerTokens {
    private static final int MIN_SECRET_BYTES = 32;
    private static final int CLOCK_SKEW_SECONDS = 30;

    private final Optional<JwtConsumer> consumer;

    BearerTokens(SnapforkConfig config) {
        consumer = config.auth().enabled() ? Optional.of(consumer(secret(config.auth()))) : Optional.empty();
    }

    /**
     * What a token allows.
     *
     * @param subject whom it was given to; empty if it does not say
     */
    record Grant(String subject, List<String> permissions, boolean everything) {
        /** Of a service that asks for no tokens. */
        static final Grant ANYBODY = new Grant("", List.of(), true);

        boolean allows(String scope) {
            return everything || permissions.contains(scope);
        }
    }

    boolean enabled() {
        return consumer.isPresent();
    }

    /** Empty if the token is not ours, is expired, or makes no sense. */
    Optional<Grant> verify(String token) {
        try {
            var claims = consumer.orElseThrow().processToClaims(token);
            var subject = Objects.requireNonNullElse(claims.getSubject(), "");
            if (!claims.hasClaim("permissions")) {
                return Optional.of(new Grant(subject, List.of(), true));
            }
            var permissions = claims.getStringListClaimValue("permissions");
            return Optional.of(new Grant(subject, permissions, permissions.contains("*")));
        } catch (InvalidJwtException | MalformedClaimException e) {
            return Optional.empty();
        }
    }

    private static JwtConsumer consumer(byte[] secret) {
        return new JwtConsumerBuilder()
                .setVerificationKey(new HmacKey(secret))
                .setRelaxVerificationKeyValidation()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, "HS256", "HS384", "HS512"))
                .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
                .setSkipDefaultAudienceValidation()
                .build();
    }

    private static byte[] secret(SnapforkConfig.Auth auth) {
        var text = auth.secret()
                .or(() -> auth.secretFile().map(BearerTokens::read))
                .orElseThrow(() -> new IllegalStateException(
                        "no secret for bearer tokens: set snapfork.auth.secret-file (or snapfork.auth.secret), "
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
