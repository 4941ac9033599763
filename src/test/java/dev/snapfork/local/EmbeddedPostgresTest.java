package dev.snapfork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresTest {
    private static final Path BINARIES = Path.of("target", "postgresql").toAbsolutePath();

    private final List<String> notices = new ArrayList<>();

    private final Path home;

    private int port;

    EmbeddedPostgresTest(@TempDir Path home) throws IOException {
        this.home = home;
        port = Ports.orFree(0);
    }

    @Test
    void aServerThatOutlivedItsLauncherIsStoppedFirst() throws Exception {
        try (EmbeddedPostgres orphan = start()) {
            probe().sql("create table kept as select 1 as value");

            try (EmbeddedPostgres successor = start()) {
                assertThat(orphan.ended()).succeedsWithin(Duration.ofSeconds(20));
                assertThat(notices).singleElement().asString().contains("still works on");
                assertThat(successor.pid()).isNotEqualTo(orphan.pid());
                assertThat(probe().sql("select value from kept")).containsExactly("1");
            }
        }
    }

    @Test
    void aKilledServerRecovers() throws Exception {
        try (EmbeddedPostgres killed = start()) {
            probe().sql("create table kept as select 1 as value");
            Children.signal(killed.pid(), "KILL");
            assertThat(Deadline.in(Duration.ofSeconds(20)).await(() -> !killed.isAlive()))
                    .isTrue();
        }

        try (EmbeddedPostgres recovered = start()) {
            assertThat(recovered.ended()).isNotDone();
            assertThat(probe().sql("select value from kept")).containsExactly("1");
        }
    }

    @Test
    void aPidFileThatNamesSomebodyElsesProcessNeitherHindersNorHarms() throws Exception {
        start().close();
        Process alien = new ProcessBuilder("sleep", "120").start();
        Path pidFile = home.resolve("postgres").resolve("cluster").resolve("postmaster.pid");
        Files.writeString(pidFile, alien.pid() + "\n" + pidFile.getParent() + "\n0\n" + port + "\n\n127.0.0.1\n");

        try (EmbeddedPostgres postgres = start()) {
            assertThat(postgres.ended()).isNotDone();
            assertThat(alien.isAlive()).isTrue();
            assertThat(notices).isEmpty();
        } finally {
            alien.destroyForcibly();
        }
    }

    @Test
    void nobodyGetsInWithoutThePassword() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            StackProbe stranger =
                    new StackProbe("", LocalAddresses.of(0, port, "").jdbcUrl(), EmbeddedPostgres.NAME, "guessed");

            assertThat(postgres.ended()).isNotDone();
            assertThatThrownBy(() -> stranger.sql("select 1")).hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void aTakenPortIsSaidPlainly() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral(Ports.HOST))) {
            port = taken.getLocalPort();

            assertThatThrownBy(this::start)
                    .isInstanceOf(LaunchException.class)
                    .hasMessage("Port " + port + " is in use: choose another with SNAPFORK_POSTGRES_PORT.");
        }
    }

    private EmbeddedPostgres start() throws IOException {
        return EmbeddedPostgres.start(new EmbeddedPostgres.Settings(
                home.resolve("postgres"), BINARIES, home.resolve("postgres.log"), port, notices::add));
    }

    private StackProbe probe() throws IOException {
        String password = PostgresCluster.passwordIn(home.resolve("postgres"));
        return new StackProbe("", LocalAddresses.of(0, port, "").jdbcUrl(), EmbeddedPostgres.NAME, password);
    }
}
