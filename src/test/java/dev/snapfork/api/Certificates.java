package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A key pair for 127.0.0.1 whose certificate signs itself, in the forms that servers and clients want. */
record Certificates(Path directory) {
    static final String PASSWORD = "changeit";
    private static final String ALIAS = "server";

    static Certificates make(Path directory) throws IOException, InterruptedException {
        var made = new Certificates(Files.createDirectories(directory));
        keytool(
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "2",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                made.keyStore().toString(),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                ALIAS,
                "-keystore",
                made.keyStore().toString(),
                "-storepass",
                PASSWORD,
                "-file",
                made.certificate().toString());
        return made;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var process = new ProcessBuilder(
                        Stream.concat(Stream.of(tool), Stream.of(arguments)).toList())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    Path keyStore() {
        return directory.resolve("server.p12");
    }

    /** PEM. */
    Path certificate() {
        return directory.resolve("server.pem");
    }

    /** PEM, as PKCS#8. */
    String key() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(keyStore().toFile(), PASSWORD.toCharArray());
        var key = store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
        return String.join(
                "\n",
                List.of(
                        "-----BEGIN PRIVATE KEY-----",
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key),
                        "-----END PRIVATE KEY-----",
                        ""));
    }
}
