package dev.snapfork.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * PostgreSQL's files on disk, which PostgreSQL calls a database cluster.
 *
 * @param directory its absolute path without symbolic links
 * @param password of the service's user and of the superuser {@code postgres}
 */
record PostgresCluster(Path directory, String password) {
    private static final int PASSWORD_BYTES = 24;
    private static final Duration STEP = Duration.ofMinutes(2);

    /** Opens the cluster under a home directory, or makes it; a cluster half made by a killed process is made anew. */
    static PostgresCluster openOrCreate(Path home, PostgresBinaries binaries, PostgresAccount account)
            throws IOException {
        String password = passwordIn(home);
        Path directory = home.resolve("cluster");
        if (!Files.isDirectory(directory)) {
            create(home, binaries, account, password);
        }
        account.own(directory);
        return new PostgresCluster(directory, password);
    }

    /** The password kept in a home directory, which is made at the first call. */
    static String passwordIn(Path home) throws IOException {
        Files.createDirectories(home);
        return PrivateFile.readOrCreate(home.resolve("password"), () -> PrivateFile.randomText(PASSWORD_BYTES));
    }

    private static void create(Path home, PostgresBinaries binaries, PostgresAccount account, String password)
            throws IOException {
        Path draft = home.resolve("cluster.new");
        Trees.delete(draft);
        Files.createDirectory(draft);
        account.own(draft);
        run(
                account,
                "",
                binaries.bin().resolve("initdb").toString(),
                "--pgdata=" + draft,
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8");
        Files.writeString(draft.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        // the single-user mode needs no port and no connection; the password is base64url and so needs no quoting
        run(
                account,
                """
                ALTER ROLE postgres PASSWORD '%1$s'
                CREATE ROLE %2$s LOGIN PASSWORD '%1$s'
                CREATE DATABASE %2$s OWNER %2$s
                """.formatted(password, EmbeddedPostgres.NAME),
                binaries.bin().resolve("postgres").toString(),
                "--single",
                "-D",
                draft.toString(),
                "postgres");
        Files.move(draft, home.resolve("cluster"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void run(PostgresAccount account, String input, String... program) throws IOException {
        List<String> command = Children.tied("KILL", account.prefix(), List.of(program));
        Path output = Files.createTempFile("postgres-setup", ".log");
        try {
            Process process = Children.start(
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()));
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!Children.exited(process, STEP)) {
                process.destroyForcibly();
                throw new LaunchException(program[0] + " took longer than " + STEP + ".");
            }
            if (process.exitValue() != 0) {
                throw new LaunchException(program[0] + " failed:\n" + LogTail.of(output, 20));
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
