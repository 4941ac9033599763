package dev.snapfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    private final Path data;

    CredentialsTest(@TempDir Path data) {
        this.data = data;
    }

    @Test
    void theTokenIsSignedWithTheSecretAndNamesNoPermissions() throws Exception {
        Credentials credentials = Credentials.in(data);

        JwtClaims claims = verified(credentials);

        assertThat(claims.getSubject()).isEqualTo("local");
        assertThat(claims.getIssuedAt()).isNotNull();
        assertThat(claims.hasClaim("permissions")).isFalse();
        assertThat(claims.getExpirationTime()).isNull();
    }

    @Test
    void onlyTheOwnerMayReadThem() throws Exception {
        Credentials credentials = Credentials.in(data);

        assertThat(mode(credentials.secretFile())).isEqualTo("rw-------");
        assertThat(mode(credentials.tokenFile())).isEqualTo("rw-------");
    }

    @Test
    void theyAreMadeOnce() throws Exception {
        Credentials first = Credentials.in(data);
        String secret = Files.readString(first.secretFile());
        String token = Files.readString(first.tokenFile());

        Credentials second = Credentials.in(data);

        assertThat(second.secretFile()).hasContent(secret);
        assertThat(second.tokenFile()).hasContent(token);
    }

    @Test
    void aSecretThatWasReplacedGetsANewToken() throws Exception {
        Credentials credentials = Credentials.in(data);
        PrivateFile.write(credentials.secretFile(), PrivateFile.randomText(64));

        Credentials.in(data);

        assertThat(verified(credentials).getSubject()).isEqualTo("local");
    }

    private static JwtClaims verified(Credentials credentials) throws Exception {
        byte[] secret = Files.readString(credentials.secretFile()).getBytes(StandardCharsets.UTF_8);
        return new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, "HS256"))
                .setVerificationKey(new HmacKey(secret))
                .build()
                .processToClaims(Files.readString(credentials.tokenFile()));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
