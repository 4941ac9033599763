package dev.snapfork.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.contract.OwnContract;
import dev.snapfork.platform.Configured;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapabilitiesQueryTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    @Test
    void aProcessThatIsNoWorkerSaysThatItKnowsOfNone() {
        var query = new CapabilitiesQuery(
                Configured.with(Map.of("snapfork.roles", "api")),
                () -> {
                    throw new AssertionError("nobody here can say what workers have");
                },
                "1.2.3");

        var answer = query.get().await().atMost(AT_ONCE);

        var body = (String) answer.getEntity();
        OwnContract.assertResponse("GET", "/capabilities", answer.getStatus(), body);
        assertThat(body)
                .contains("\"version\":\"1.2.3\"", "\"roles\":[\"api\"]", "\"workers\":\"unknown\"")
                .doesNotContain("hypervisors");
    }
}
