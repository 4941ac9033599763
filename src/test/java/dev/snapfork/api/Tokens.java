package dev.snapfork.api;

import dev.snapfork.environment.EnvironmentResource;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Bearer tokens as an operator would make them. */
public final class Tokens {
    private Tokens() {}

    /** One that may do everything. */
    public static String everything() {
        return signed(Map.of("sub", "tests"), AlgorithmIdentifiers.HMAC_SHA256, EnvironmentResource.AUTH_SECRET);
    }

    static String signed(Map<String, Object> claims, String algorithm, String secret) {
        var jws = new JsonWebSignature();
        jws.setPayload(JsonUtil.toJson(claims));
        jws.setAlgorithmHeaderValue(algorithm);
        jws.setKey(new HmacKey(secret.getBytes(StandardCharsets.UTF_8)));
        jws.setDoKeyValidation(false);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
