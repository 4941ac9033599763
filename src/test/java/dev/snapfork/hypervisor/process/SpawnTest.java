package dev.snapfork.hypervisor.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.hypervisor.MachineHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private MachineHome home = new MachineHome(Path.of(""), Path.of(""), "");

    @BeforeEach
    void home(@TempDir Path directory) throws IOException {
        home = new MachineHome(Files.createDirectory(directory.resolve("machine")), directory.resolve("run"), "m-17");
    }

    @Test
    void aMachinesProcessHasItsOwnSessionItsDirectoryAndItsLabelButNoneOfTheServicesSecrets() throws Exception {
        var process = Spawn.start(List.of("sleep", "60"), home);
        try {
            awaitCommand(process, "sleep");
            var proc = Path.of("/proc", Long.toString(process.pid()));
            var stat = Files.readString(proc.resolve("stat"));

            assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3])
                    .isEqualTo(Long.toString(process.pid()));
            assertThat(proc.resolve("cwd").toRealPath())
                    .isEqualTo(home.directory().toRealPath());
            assertThat(Files.readString(proc.resolve("environ")).split("\0", -1))
                    .contains("SNAPFORK_MACHINE=m-17")
                    .noneMatch(entry -> entry.startsWith("JAVA_HOME=") || entry.startsWith("OLDPWD="));
        } finally {
            process.kill(SOON);
        }
    }

    @Test
    void itsLastWordsAreTheEndOfWhatItPrinted() throws Exception {
        var process = Spawn.start(
                List.of("sh", "-c", "seq 1 100; printf '\\033[31mcannot open tap0\\033[0m\\n\\n' >&2; exit 3"), home);

        assertThat(process.awaitEnd(SOON)).isTrue();
        assertThat(LastWords.of(home)).isEqualTo("98; 99; 100; cannot open tap0");
    }

    @Test
    void aProgramThatDoesNotExistEndsAtOnceAndTheLogSaysWhy() throws Exception {
        var process = Spawn.start(List.of("/nowhere/vmm"), home);

        assertThat(process.awaitEnd(SOON)).isTrue();
        assertThat(LastWords.of(home)).contains("/nowhere/vmm").contains("No such file");
    }

    @Test
    void aSecondStartDoesNotShowTheFirstOnesWords() throws Exception {
        Spawn.start(List.of("echo", "first"), home).awaitEnd(SOON);
        Spawn.start(List.of("true"), home).awaitEnd(SOON);

        assertThat(LastWords.of(home)).isEqualTo("it said nothing");
    }

    @Test
    void aKilledProcessIsGoneAndKillingItAgainIsDone() throws Exception {
        var process = Spawn.start(List.of("sleep", "60"), home);

        assertThat(process.lives()).isTrue();
        assertThat(process.awaitEnd(Duration.ofMillis(20))).isFalse();
        assertThat(process.kill(SOON)).isTrue();
        assertThat(process.lives()).isFalse();
        assertThat(process.kill(SOON)).isTrue();
    }

    @Test
    void aProcessThatHasTheNumberOfAnotherIsNotTakenForIt() throws Exception {
        var process = Spawn.start(List.of("sleep", "60"), home);
        var older = new ProcessKey(process.pid(), process.startTicks() - 1, process.boot());
        var beforeTheHostRestarted = new ProcessKey(process.pid(), process.startTicks(), "another-boot");

        assertThat(older.lives()).isFalse();
        assertThat(beforeTheHostRestarted.lives()).isFalse();
        assertThat(older.kill(SOON)).isTrue();
        assertThat(beforeTheHostRestarted.kill(SOON)).isTrue();
        assertThat(process.lives()).isTrue();
        process.kill(SOON);
    }

    @Test
    void aProcessThatNobodyFetchedIsGone() throws Exception {
        var parent = Spawn.start(List.of("sh", "-c", "true & echo $!; exec sleep 60"), home);
        try {
            var zombie = Long.parseLong(awaitLine());
            awaitCommand(parent, "sleep");
            awaitZombie(zombie);

            assertThat(ProcessKey.of(zombie).lives()).isFalse();
        } finally {
            parent.kill(SOON);
        }
    }

    private String awaitLine() throws Exception {
        var until = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() < until) {
            var text = Files.readString(Spawn.log(home), UTF_8);
            if (text.endsWith("\n")) {
                return text.strip();
            }
            Thread.sleep(5);
        }
        throw new AssertionError("nothing was printed");
    }

    private static void awaitZombie(long pid) throws Exception {
        await(pid, "stat", Pattern.compile(".*\\) Z .*", Pattern.DOTALL));
    }

    private static void awaitCommand(ProcessKey process, String name) throws Exception {
        await(process.pid(), "comm", Pattern.compile(name + "\n"));
    }

    private static void await(long pid, String file, Pattern content) throws Exception {
        var until = System.nanoTime() + SOON.toNanos();
        while (!content.matcher(Files.readString(Path.of("/proc", Long.toString(pid), file)))
                .matches()) {
            assertThat(System.nanoTime()).as("%s of %s", file, pid).isLessThan(until);
            Thread.sleep(5);
        }
    }
}
