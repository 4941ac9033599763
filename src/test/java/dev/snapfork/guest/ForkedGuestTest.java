package dev.snapfork.guest;

import static dev.snapfork.guest.BootedGuest.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines that were forked while they ran, and become others by what their agents are told. */
class ForkedGuestTest {
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(3);
    private static final Identity FIRST = new Identity("instance1", "first", "02:00:00:00:00:01", new UUID(1, 1));
    private static final Identity SECOND = new Identity("instance2", "second", "02:00:00:00:00:02", new UUID(2, 2));

    @BeforeAll
    static void aGuestIsThere() throws IOException {
        BootedGuest.requireQemu();
        ExampleGuest.require();
    }

    private static Path in(Path directory, String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    private static GuestAgent agent(BootedGuest machine, Clock clock) {
        return new GuestAgent(machine.agentSocket(), new SecureRandom(), clock);
    }

    @Test
    void anAgentTellsTheMachineWhoItIs(@TempDir Path directory) throws IOException, InterruptedException {
        var guest = ExampleGuest.require();
        var then = Instant.parse("2040-01-01T00:00:00Z");
        try (var machine = BootedGuest.boot(guest, "q35", directory);
                var console = machine.console()) {
            var agent = agent(machine, Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), then)));
            var token = console.ask("token", LIMIT);
            var session = console.ask("session", LIMIT);

            assertThat(agent.hello(LIMIT).orElseThrow().capabilities()).contains("identify", "time", "shutdown");
            var result = agent.identify(FIRST, LIMIT);

            assertThat(result.notReset()).isEmpty();
            assertThat(result.reset()).containsExactly("entropy", "clock", "hostname", "instance_id", "mac", "hook");
            assertThat(console.ask("hostname", LIMIT)).isEqualTo("first");
            assertThat(console.ask("mac", LIMIT)).isEqualTo("02:00:00:00:00:01");
            assertThat(console.ask("machine", LIMIT)).isEqualTo("instance1");
            assertThat(console.ask("token", LIMIT)).isEqualTo(token);
            assertThat(console.ask("sh cat /etc/hostname", LIMIT)).isEqualTo("first;");
            assertThat(time(console)).isBetween(then.minus(CLOCKS_DIFFER), then.plus(CLOCKS_DIFFER));
            var rotated = console.ask("session", LIMIT);
            assertThat(rotated).isNotEqualTo(session);

            assertThat(agent.identify(FIRST, LIMIT)).isEqualTo(result);
            assertThat(console.ask("session", LIMIT)).isEqualTo(rotated);

            assertThat(agent(machine, Clock.systemUTC()).setTime(LIMIT).reset()).containsExactly("clock");
            assertThat(time(console))
                    .isBetween(Instant.now().minus(CLOCKS_DIFFER), Instant.now().plus(CLOCKS_DIFFER));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"q35", "microvm"})
    void forksOfOneMachineBecomeTwo(String kind, @TempDir Path directory) throws IOException, InterruptedException {
        var guest = ExampleGuest.require();
        var saved = in(directory, "source");
        String token;
        try (var source = BootedGuest.boot(guest, kind, saved)) {
            try (var console = source.console()) {
                token = console.ask("token", LIMIT);
            }
            // connected while it is saved, and in the middle of a message
            try (var stale = LineChannel.connect(source.agentSocket())) {
                stale.write("\u0018snapfork/1 stale shutdown", Deadline.in(LIMIT));
                Thread.sleep(200);
                source.save();
            }
        }

        try (var first = BootedGuest.fork(guest, kind, saved, in(directory, "first"));
                var second = BootedGuest.fork(guest, kind, saved, in(directory, "second"))) {
            first.resume();
            second.resume();
            assertThat(agent(first, Clock.systemUTC()).identify(FIRST, LIMIT).notReset())
                    .isEmpty();
            assertThat(agent(second, Clock.systemUTC()).identify(SECOND, LIMIT).notReset())
                    .isEmpty();

            try (var one = first.console();
                    var two = second.console()) {
                assertThat(one.ask("token", LIMIT)).isEqualTo(token);
                assertThat(two.ask("token", LIMIT)).isEqualTo(token);
                assertThat(one.ask("rand", LIMIT)).isNotEqualTo(two.ask("rand", LIMIT));
                assertThat(one.ask("session", LIMIT)).isNotEqualTo(two.ask("session", LIMIT));
                assertThat(one.ask("hostname", LIMIT)).isEqualTo("first");
                assertThat(two.ask("hostname", LIMIT)).isEqualTo("second");
                assertThat(one.ask("mac", LIMIT)).isEqualTo("02:00:00:00:00:01");
                assertThat(two.ask("mac", LIMIT)).isEqualTo("02:00:00:00:00:02");
                assertThat(one.ask("machine", LIMIT)).isEqualTo("instance1");
                assertThat(two.ask("machine", LIMIT)).isEqualTo("instance2");
            }
        }
    }

    private static Instant time(Console console) throws IOException, InterruptedException {
        return Instant.ofEpochSecond(Long.parseLong(console.ask("time", LIMIT)));
    }
}
