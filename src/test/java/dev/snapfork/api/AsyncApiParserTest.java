package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The served description of the events is one for AsyncAPI's own parser. */
@QuarkusTest
@Timeout(300)
class AsyncApiParserTest {
    private static final Path CHECK = Path.of("src", "test", "resources", "asyncapi");

    @TempDir
    private Path home = Path.of("");

    private NodePackage parser;

    @BeforeEach
    void install() throws Exception {
        NodePackage.assumeInstallable("the description of the events");
        parser = NodePackage.install(CHECK, home.resolve("parser"));
    }

    private record Verdict(int status, String said) {}

    private Verdict verdictOn(String document) throws IOException, InterruptedException {
        var file = Files.writeString(home.resolve("asyncapi.json"), document);
        var process = parser.start(builder -> {}, "node", "validate.mjs", file.toString());
        var said = NodePackage.said(process);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        return new Verdict(process.exitValue(), said);
    }

    @Test
    void whatIsServedIsValidAndWhatIsBrokenIsNot() throws Exception {
        var served = ApiClient.ofTheService()
                .authorizedBy(null)
                .get("/asyncapi")
                .expect(200)
                .body();

        var verdict = verdictOn(served);
        assertThat(verdict.said()).contains("valid: AsyncAPI 3.0.0").doesNotContain("Error ", "Warning ");
        assertThat(verdict.status()).as(verdict.said()).isZero();

        assertThat(verdictOn(served.replace("\"address\"", "\"adress\"")).status())
                .isNotZero();
    }
}
