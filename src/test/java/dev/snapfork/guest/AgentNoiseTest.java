package dev.snapfork.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's program against lines that nobody would send. */
@Timeout(120)
class AgentNoiseTest {
    private static final String GENERATION = "11111111-2222-3333-4444-000000000001";
    private static final String ENTROPY = "00112233445566778899aabbccddeeff".repeat(2);

    @BeforeAll
    static void compile() throws IOException {
        AgentProgram.require();
    }

    /** Lines made of the protocol's own pieces and of noise; each is answered, and none brings the agent down. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void itOutlivesNoise(long seed, @TempDir Path root) throws IOException {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (var agent = AgentProgram.start(root)) {
            for (var round = 0; round < 2000; round++) {
                agent.say(noise(random));
                agent.say((byte) 0x18);
                assertThat(until(agent, "r" + round).word()).isEqualTo("ok");
            }
            assertThat(agent.finish()).isEmpty();
        }
    }

    private static Message until(AgentProgram agent, String id) throws IOException {
        agent.say(("snapfork/1 " + id + " hello\n").getBytes(StandardCharsets.US_ASCII));
        while (true) {
            var answer = agent.answer();
            if (answer.id().equals(id)) {
                return answer;
            }
        }
    }

    private static byte[] noise(RandomGenerator random) {
        var pieces = new String[] {
            "snapfork/1",
            "snapfork/1 x ",
            " ",
            "=",
            "%",
            "%41",
            "%0",
            "\n",
            "\u0018",
            "\0",
            "identify",
            "hello",
            "time",
            "shutdown",
            " generation=" + GENERATION,
            " generation=",
            " hostname=a",
            " mac=",
            "02:00:00:00:00:0",
            " entropy=",
            ENTROPY,
            "0",
            " time=1",
            "99999999999999999999",
            " instance=",
            "x".repeat(700),
            "\u00ff"
        };
        var bytes = new ByteArrayOutputStream();
        for (var count = random.nextInt(12); count > 0; count--) {
            if (random.nextInt(8) == 0) {
                var raw = new byte[random.nextInt(1, 40)];
                random.nextBytes(raw);
                bytes.writeBytes(raw);
            } else {
                bytes.writeBytes(pieces[random.nextInt(pieces.length)].getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return bytes.toByteArray();
    }
}
