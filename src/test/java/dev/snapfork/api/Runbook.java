package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Does what {@code deploy/runbook.md} says: runs its blocks of commands as they stand there. */
final class Runbook {
    private static final Path FILE = Path.of("deploy", "runbook.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n# ([^\n;]*)(?:;[^\n]*)?\n(.*?)^```$");
    /** Of the block that comes first: what the others use. */
    private static final Pattern FUNCTION = Pattern.compile("(?m)^api\\(\\) .*$");

    private static final long LIMIT_SECONDS = 120;

    private final Path data;
    private final Path backup;
    private final SharedEnvironment environment;

    /** @param backup where the backup is or will be */
    Runbook(Path data, Path backup, SharedEnvironment environment) {
        this.data = data;
        this.backup = backup;
        this.environment = environment;
    }

    /**
     * Runs the block that begins with this comment; fails with what it said unless it succeeds.
     *
     * @param base the service's address; empty if it does not run
     */
    void run(String title, String base) throws IOException, InterruptedException {
        var text = Files.readString(FILE);
        var blocks = BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(title))
                .map(block -> block.group(2))
                .toList();
        assertThat(blocks).as("the runbook's block: %s", title).hasSize(1);
        var function = FUNCTION.matcher(text);
        assertThat(function.find()).isTrue();
        assertThat(said(List.of("bash", "-euo", "pipefail", "-c", function.group() + "\n" + blocks.getFirst()), base))
                .as(title)
                .startsWith("0\n");
    }

    /** Whether {@code pg_dump} is there, and no older than the server. */
    boolean canDump() throws IOException, InterruptedException {
        return said(List.of("pg_dump", "--schema-only", "-f", "/dev/null"), "").startsWith("0\n");
    }

    private String said(List<String> command, String base) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
        var database = URI.create(environment.jdbcUrl().substring("jdbc:".length()));
        builder.environment()
                .putAll(Map.of(
                        "B", base,
                        "TOKEN", Tokens.everything(),
                        "KAFKA", environment.bootstrapServers(),
                        "DATA", data.toString(),
                        "BACKUP", backup.toString(),
                        "PG", "psql",
                        "PGHOST", database.getHost(),
                        "PGPORT", Integer.toString(database.getPort())));
        builder.environment()
                .putAll(Map.of(
                        "PGUSER", environment.username(),
                        "PGPASSWORD", environment.password(),
                        "PGDATABASE", database.getPath().substring(1)));
        var process = builder.redirectInput(Path.of("/dev/null").toFile()).start();
        var reader = process.inputReader(StandardCharsets.UTF_8);
        var output = String.join("\n", reader.lines().toList());
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + "\n" + output;
    }
}
