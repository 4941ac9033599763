package dev.snapfork.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that the service checks tokens with, and one token that may do everything. Both are made at the first start
 * and kept; the token is made anew when it was not signed with the secret that is there.
 */
record Credentials(Path secretFile, Path tokenFile) {
    private static final int SECRET_BYTES = 64;

    static Credentials in(Path data) throws IOException {
        Path secretFile = data.resolve("secret");
        Path tokenFile = data.resolve("token");
        String secret = PrivateFile.readOrCreate(secretFile, () -> PrivateFile.randomText(SECRET_BYTES));
        String token = PrivateFile.readOrCreate(tokenFile, () -> token(secret, Instant.now()));
        if (!signedWith(secret, token)) {
            PrivateFile.write(tokenFile, token(secret, Instant.now()));
        }
        return new Credentials(secretFile, tokenFile);
    }

    /** A JWT signed with HS256 that names no permissions, which means all of them, and does not expire. */
    static String token(String secret, Instant issued) {
        String signed = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
                + "."
                + encoded("{\"sub\":\"local\",\"iat\":" + issued.getEpochSecond() + "}");
        return signed + "." + signature(secret, signed);
    }

    private static boolean signedWith(String secret, String token) {
        int end = token.lastIndexOf('.');
        return end > 0 && token.substring(end + 1).equals(signature(secret, token.substring(0, end)));
    }

    private static String signature(String secret, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] bytes = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
