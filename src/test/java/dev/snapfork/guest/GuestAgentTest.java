package dev.snapfork.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's end, against peers that behave and others. */
class GuestAgentTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000000006Z");
    private static final Duration PLENTY = Duration.ofSeconds(20);
    private static final Duration LITTLE = Duration.ofMillis(400);
    private static final Identity IDENTITY =
            new Identity("instance1", "web-1", "02:00:00:00:00:01", new UUID(0x1111222233334444L, 5));

    private final Path directory;

    GuestAgentTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private Path socket() {
        return directory.resolve("agent.sock");
    }

    private GuestAgent agent() {
        return new GuestAgent(socket(), new SecureRandom(), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static String answer(Message request, String rest) {
        return "\u0018snapfork/1 " + request.id() + " " + rest + "\n";
    }

    private static FakePeer.Scene answering(String rest) {
        return stage -> {
            stage.say(answer(stage.request(), rest));
            stage.listen();
        };
    }

    @Test
    void itAsksWhoIsThere() throws IOException, InterruptedException {
        try (var peer = new FakePeer(socket(), answering("ok protocol=1 agent=0.1.0 capabilities=identify,time"))) {
            var greeting = agent().hello(PLENTY).orElseThrow();

            assertThat(greeting.agentVersion()).isEqualTo("0.1.0");
            assertThat(greeting.capabilities()).containsExactlyInAnyOrder("identify", "time");
            assertThat(peer.requests().getFirst().word()).isEqualTo("hello");
        }
    }

    @Test
    void anotherProtocolIsNobody() throws IOException, InterruptedException {
        try (var peer = new FakePeer(socket(), answering("ok protocol=2"))) {
            assertThat(agent().hello(PLENTY)).isEmpty();
            assertThat(peer.requests()).hasSize(1);
        }
    }

    @Test
    void itSaysAllThatMakesAMachineDistinct() throws IOException, InterruptedException {
        try (var peer = new FakePeer(
                socket(), answering("ok entropy=done clock=done hostname=done instance_id=done mac=done"))) {
            var result = agent().identify(IDENTITY, PLENTY);

            assertThat(result.reset()).containsExactly("entropy", "clock", "hostname", "instance_id", "mac");
            assertThat(result.complete()).isTrue();
            var fields = peer.requests().getFirst().fields();
            assertThat(fields)
                    .containsEntry("generation", IDENTITY.generation().toString())
                    .containsEntry("instance", "instance1")
                    .containsEntry("hostname", "web-1")
                    .containsEntry("mac", "02:00:00:00:00:01")
                    .containsEntry("time", "1767323045000000006");
            assertThat(fields.get("entropy")).matches("[0-9a-f]{128}");
        }
    }

    @Test
    void entropyIsNeverTheSame() throws IOException, InterruptedException {
        try (var peer = new FakePeer(socket(), answering("ok entropy=done"))) {
            agent().identify(IDENTITY, PLENTY);
            agent().identify(IDENTITY, PLENTY);

            assertThat(peer.requests().get(0).fields().get("entropy"))
                    .isNotEqualTo(peer.requests().get(1).fields().get("entropy"));
        }
    }

    @Test
    void eachItemGoesItsOwnWay() throws IOException, InterruptedException {
        var said = "ok entropy=done clock=failed:clock_settime%3A%20Operation%20not%20permitted"
                + " hostname=done instance_id=done hook=failed:not%20ended%20after%202%20s";
        try (var peer = new FakePeer(socket(), answering(said))) {
            var result = agent().identify(IDENTITY, PLENTY);

            assertThat(result.reset()).containsExactly("entropy", "hostname", "instance_id");
            assertThat(result.notReset())
                    .isEqualTo(Map.of(
                            "clock", "clock_settime: Operation not permitted",
                            "mac", "the agent does not say",
                            "hook", "not ended after 2 s"));
            assertThat(peer.requests()).hasSize(1);
        }
    }

    @Test
    void aMachineWithoutANetworkHasNoMacToReset() throws IOException, InterruptedException {
        var identity = new Identity("instance1", "web-1", null, IDENTITY.generation());
        try (var peer =
                new FakePeer(socket(), answering("ok entropy=done clock=done hostname=done instance_id=done"))) {
            assertThat(agent().identify(identity, PLENTY).complete()).isTrue();
            assertThat(peer.requests().getFirst().fields()).doesNotContainKey("mac");
        }
    }

    @Test
    void aRefusalIsTheReasonForAll() throws IOException, InterruptedException {
        try (var peer = new FakePeer(socket(), answering("error code=unknown_verb message=identify"))) {
            var result = agent().identify(IDENTITY, PLENTY);

            assertThat(result.reset()).isEmpty();
            assertThat(result.notReset()).hasSize(5).containsEntry("mac", "the agent refused: unknown_verb, identify");
            assertThat(peer.requests()).hasSize(1);
        }
    }

    @Test
    void itSetsTheTime() throws IOException, InterruptedException {
        try (var peer = new FakePeer(socket(), answering("ok clock=done"))) {
            assertThat(agent().setTime(PLENTY).reset()).containsExactly("clock");
            assertThat(peer.requests().getFirst().fields()).isEqualTo(Map.of("time", "1767323045000000006"));
        }
    }

    @Test
    void itHearsThatAMachineWillShutDown() throws IOException, InterruptedException {
        try (var peer = new FakePeer(socket(), answering("ok"))) {
            assertThat(agent().shutdown(PLENTY)).isTrue();
            assertThat(peer.requests().getFirst().word()).isEqualTo("shutdown");
        }
    }

    @Test
    void whatCameBeforeTheAnswerIsReadOver() throws IOException, InterruptedException {
        try (var peer = new FakePeer(socket(), stage -> {
            stage.say("noise\n\n\u0000\u00ff\n");
            stage.say("x".repeat(100_000) + "\n");
            stage.say("snapfork/1 somebody-elses ok clock=failed:stale\n");
            stage.say("snapfork/1 half-an-answer ok clo");
            stage.say(answer(stage.request(), "ok clock=done"));
            stage.listen();
        })) {
            assertThat(agent().setTime(PLENTY).reset()).containsExactly("clock");
            assertThat(peer.requests()).hasSize(1);
        }
    }

    @Test
    void anAnswerMayComeInPieces() throws IOException, InterruptedException {
        try (var peer = new FakePeer(socket(), stage -> {
            for (var letter : answer(stage.request(), "ok clock=done").toCharArray()) {
                stage.say(String.valueOf(letter));
            }
            stage.listen();
        })) {
            assertThat(agent().setTime(PLENTY).reset()).containsExactly("clock");
            assertThat(peer.requests()).hasSize(1);
        }
    }

    @Test
    void silenceEndsAtTheLimit() throws IOException, InterruptedException {
        try (var peer = new FakePeer(socket(), FakePeer.Stage::listen)) {
            var before = System.nanoTime();

            var result = agent().identify(IDENTITY, LITTLE);

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(LITTLE, PLENTY);
            assertThat(result.reset()).isEmpty();
            assertThat(result.notReset().values()).hasSize(5).containsOnly("no agent answered");
            assertThat(peer).isNotNull();
        }
    }

    @Test
    void neitherHalfAnAnswerNorAnEndlessOneNorAnothersIsOne() throws IOException, InterruptedException {
        try (var peer = new FakePeer(
                socket(),
                stage -> stage.say(answer(stage.request(), "ok clock=done").replace("\n", "")),
                stage -> {
                    stage.request();
                    stage.say("snapfork/1 another ok clock=done\n");
                },
                stage -> {
                    while (true) {
                        stage.say("x".repeat(10_000));
                    }
                })) {
            assertThat(agent().setTime(LITTLE).notReset()).isEqualTo(Map.of("clock", "no agent answered"));
            assertThat(peer.requests()).hasSize(2);
        }
    }

    @Test
    void whoHangsUpIsAskedAgain() throws IOException, InterruptedException {
        try (var peer =
                new FakePeer(socket(), stage -> stage.say(""), FakePeer.Stage::request, answering("ok clock=done"))) {
            assertThat(agent().setTime(PLENTY).reset()).containsExactly("clock");
            assertThat(peer.requests()).hasSize(2);
            assertThat(peer.requests().get(0).id())
                    .isNotEqualTo(peer.requests().get(1).id());
        }
    }

    @Test
    void aSocketThatComesLaterIsFound() throws IOException, InterruptedException {
        var agent = agent();
        var later = Thread.ofVirtual().unstarted(() -> {
            try {
                Thread.sleep(LITTLE);
                Files.createFile(directory.resolve("peer-is-there"));
                try (var peer = new FakePeer(socket(), answering("ok"))) {
                    Thread.sleep(PLENTY);
                    assertThat(peer).isNotNull();
                }
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        later.start();

        assertThat(agent.shutdown(PLENTY)).isTrue();
        assertThat(directory.resolve("peer-is-there")).exists();
        later.interrupt();
    }

    @Test
    void withoutASocketNobodyAnswers() throws InterruptedException {
        assertThat(agent().shutdown(LITTLE)).isFalse();
        assertThat(agent().hello(LITTLE)).isEmpty();
    }

    @Test
    void waitingCanBeInterrupted() throws IOException {
        try (var peer = new FakePeer(socket(), FakePeer.Stage::listen)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> agent().hello(PLENTY)).isInstanceOf(InterruptedException.class);
            assertThat(peer).isNotNull();
        }
    }
}
