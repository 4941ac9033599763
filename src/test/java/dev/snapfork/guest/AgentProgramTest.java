package dev.snapfork.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's program by itself: what it makes of lines, and of lines that are none. */
@Timeout(120)
class AgentProgramTest {
    private static final String FIRST = "11111111-2222-3333-4444-000000000001";
    private static final String SECOND = "11111111-2222-3333-4444-000000000002";
    private static final String ENTROPY = "00112233445566778899aabbccddeeff".repeat(2);
    private static final String ALL =
            " instance=web1 hostname=web-1 mac=02:00:00:00:00:01 time=1700000000000000000 entropy=" + ENTROPY;

    private final Path root;

    AgentProgramTest(@TempDir Path root) {
        this.root = root;
    }

    @BeforeAll
    static void compile() throws IOException {
        AgentProgram.require();
    }

    private void etc(String name, String text) throws IOException {
        var file = root.resolve("etc").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void hook(String script) throws IOException {
        etc("snapfork/fork-hook", "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(
                root.resolve("etc/snapfork/fork-hook"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void itSaysWhatItIs() throws IOException {
        try (var agent = AgentProgram.start(root)) {
            assertThat(agent.ask("snapfork/1 a-1_Z hello"))
                    .isEqualTo(new Message(
                            "a-1_Z",
                            "ok",
                            Map.of("protocol", "1", "agent", "0.1.0", "capabilities", "identify,time,shutdown")));
        }
    }

    @Test
    void itDoesEachItem() throws IOException {
        etc("hostname", "old\n");
        etc("machine-id", "old\n");
        try (var agent = AgentProgram.start(root)) {
            var answer = agent.ask("snapfork/1 1 identify generation=" + FIRST + ALL);

            assertThat(answer.word()).isEqualTo("ok");
            assertThat(answer.fields().keySet()).containsExactly("entropy", "clock", "hostname", "instance_id", "mac");
            assertThat(answer.fields().values()).containsOnly("done");
            assertThat(root.resolve("etc/hostname")).hasContent("web-1");
            assertThat(root.resolve("run/snapfork/instance")).hasContent("web1");
            assertThat(Files.readString(root.resolve("etc/machine-id"))).matches("[0-9a-f]{12}4[0-9a-f]{19}\n");
        }
    }

    @Test
    void itDoesWhatItIsAskedToAndNoMore() throws IOException {
        try (var agent = AgentProgram.start(root)) {
            assertThat(agent.ask("snapfork/1 1 identify generation=" + FIRST).fields())
                    .isEmpty();
            assertThat(agent.ask("snapfork/1 1 identify generation=" + SECOND + " hostname=a")
                            .fields())
                    .isEqualTo(Map.of("hostname", "done"));
            assertThat(agent.ask("snapfork/1 1 time time=5").fields()).isEqualTo(Map.of("clock", "done"));
            assertThat(agent.ask("snapfork/1 1 shutdown").word()).isEqualTo("ok");
            assertThat(root.resolve("etc/hostname")).doesNotExist();
            assertThat(root.resolve("etc/machine-id")).doesNotExist();
        }
    }

    @Test
    void theMachineIdFollowsFromTheInstance() throws IOException {
        etc("machine-id", "old\n");
        try (var agent = AgentProgram.start(root)) {
            agent.ask("snapfork/1 1 identify instance=a generation=" + FIRST);
            var a = Files.readString(root.resolve("etc/machine-id"));
            agent.ask("snapfork/1 2 identify instance=b generation=" + SECOND);
            var b = Files.readString(root.resolve("etc/machine-id"));
            agent.ask("snapfork/1 3 identify instance=a generation=" + FIRST);

            assertThat(a).isNotEqualTo(b);
            assertThat(root.resolve("etc/machine-id")).hasContent(a.strip());
        }
    }

    @Test
    void oneItemThatFailsKeepsNoOtherFromBeingDone() throws IOException {
        Files.createDirectories(root.resolve("etc/hostname/a"));
        try (var agent = AgentProgram.start(root)) {
            var fields =
                    agent.ask("snapfork/1 1 identify generation=" + FIRST + ALL).fields();

            assertThat(fields.get("hostname")).isEqualTo("failed:/etc/hostname: Is a directory");
            assertThat(fields).containsEntry("instance_id", "done").containsEntry("mac", "done");
        }
    }

    @Test
    void theHookKnowsWhoTheMachineIsAndRunsOnceAGeneration() throws IOException {
        hook("echo \"$SNAPFORK_GENERATION $SNAPFORK_INSTANCE $SNAPFORK_HOSTNAME $SNAPFORK_MAC\" >>" + root
                + "/told; echo noise");
        var request = "snapfork/1 1 identify generation=" + FIRST + ALL;
        Message answer;
        try (var agent = AgentProgram.start(root)) {
            answer = agent.ask(request);
            assertThat(answer.fields()).containsEntry("hook", "done");
            assertThat(agent.ask(request)).isEqualTo(answer);
        }
        try (var again = AgentProgram.start(root)) {
            assertThat(again.ask(request)).isEqualTo(answer);
            assertThat(root.resolve("told")).hasContent(FIRST + " web1 web-1 02:00:00:00:00:01");

            again.ask("snapfork/1 1 identify generation=" + SECOND);
        }
        assertThat(root.resolve("told")).hasContent(FIRST + " web1 web-1 02:00:00:00:00:01\n" + SECOND + "   ");
    }

    @ParameterizedTest
    @CsvSource({"exit 3, failed:exit status 3", "kill -9 $$, failed:ended by signal 9"})
    void aHookMayFail(String script, String outcome) throws IOException {
        hook(script);
        try (var agent = AgentProgram.start(root)) {
            assertThat(agent.ask("snapfork/1 1 identify generation=" + FIRST).fields())
                    .isEqualTo(Map.of("hook", outcome));
        }
    }

    @Test
    void aHookThatHangsIsEndedWithItsChildren() throws IOException, InterruptedException {
        hook("sleep 300 & echo $! >" + root + "/child; wait");
        try (var agent = AgentProgram.start(root)) {
            var before = System.nanoTime();

            assertThat(agent.ask("snapfork/1 1 identify generation=" + FIRST).fields())
                    .isEqualTo(Map.of("hook", "failed:not ended after 2 s"));

            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(30));
            var child = Long.parseLong(Files.readString(root.resolve("child")).strip());
            for (var look = 0; look < 100 && runs(child); look++) {
                Thread.sleep(20);
            }
            assertThat(runs(child)).isFalse();
        }
    }

    /** A process that has ended is gone, or waits for its parent to look. */
    private static boolean runs(long pid) throws IOException {
        var status = Path.of("/proc/" + pid + "/stat");
        return Files.exists(status) && !Files.readString(status).contains(") Z ");
    }

    @ParameterizedTest
    @CsvSource({
        "hello, -, malformed",
        "snapfork/1, -, malformed",
        "snapfork/1 1, -, malformed",
        "snapfork/1  hello, -, malformed",
        "snapfork/1 a.b hello, -, malformed",
        "snapfork/1 aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx hello, -, malformed",
        "snapfork/1 1 hello word, 1, malformed",
        "snapfork/1 1 hello =, 1, malformed",
        "snapfork/1 1 time time=%, 1, malformed",
        "snapfork/1 1 time time=%3, 1, malformed",
        "snapfork/1 1 time time=%00, 1, malformed",
        "snapfork/1 1 time time=1 time=1, 1, malformed",
        "snapfork/2 1 hello, 1, unsupported_protocol",
        "snapfork/1 1 reboot, 1, unknown_verb",
        "snapfork/1 1 hello key=value, 1, unknown_key",
        "snapfork/1 1 shutdown now=yes, 1, unknown_key",
        "snapfork/1 1 time, 1, missing_key",
        "snapfork/1 1 identify hostname=a, 1, missing_key",
        "snapfork/1 1 time time=-1, 1, bad_value",
        "snapfork/1 1 time time=9223372036854775808, 1, bad_value",
        "snapfork/1 1 identify generation=1, 1, bad_value",
    })
    void whatItDoesNotUnderstandIsAnError(String line, String id, String code) throws IOException {
        try (var agent = AgentProgram.start(root)) {
            var answer = agent.ask(line);

            assertThat(answer.id()).isEqualTo(id);
            assertThat(answer.word()).isEqualTo("error");
            assertThat(answer.fields()).containsEntry("code", code);
            assertThat(agent.ask("snapfork/1 2 hello").word()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hostname=-a",
                "hostname=a.b",
                "hostname=",
                "instance=a%20b",
                "mac=02:00:00:00:00",
                "mac=03:00:00:00:00:01",
                "mac=00:00:00:00:00:00",
                "mac=02-00-00-00-00-01",
                "entropy=00",
                "entropy=0",
                "entropy=zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
            })
    void oneValueThatCannotBeKeepsAllFromBeingDone(String field) throws IOException {
        hook("touch " + root + "/ran");
        try (var agent = AgentProgram.start(root)) {
            var answer = agent.ask("snapfork/1 1 identify generation=" + FIRST + " " + field);

            assertThat(answer.fields())
                    .isEqualTo(Map.of("code", "bad_value", "message", field.substring(0, field.indexOf('='))));
            assertThat(root.resolve("ran")).doesNotExist();
        }
    }

    @Test
    void whatBeganBeforeTheSnapshotIsNotCarriedOut() throws IOException {
        try (var agent = AgentProgram.start(root)) {
            agent.say("snapfork/1 old identify instance=old generation=".getBytes(StandardCharsets.US_ASCII));

            assertThat(agent.ask("\u0018snapfork/1 new hello").id()).isEqualTo("new");
            assertThat(root.resolve("run/snapfork/instance")).doesNotExist();
        }
    }

    @Test
    void linesHaveABound() throws IOException {
        var longest = "snapfork/1 1 hello ";
        try (var agent = AgentProgram.start(root)) {
            assertThat(agent.ask(longest + "k".repeat(4094 - longest.length()) + "=v")
                            .fields())
                    .containsEntry("code", "unknown_key");
            assertThat(agent.ask(longest + "k".repeat(4095 - longest.length()) + "=v")
                            .fields())
                    .containsEntry("code", "line_too_long");
            assertThat(agent.ask("x".repeat(1_000_000)).fields()).containsEntry("code", "line_too_long");
            assertThat(agent.ask("snapfork/1 2 hello").word()).isEqualTo("ok");
        }
    }
}
