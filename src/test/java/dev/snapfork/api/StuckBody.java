package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** A request whose body does not come, to a process that takes two with large bodies on. */
final class StuckBody {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private StuckBody() {}

    static void keepsOthersOutUntilItsConnectionIsGone(String base, ApiClient api) throws IOException {
        try (var stuck = Eventually.see(LIMIT, () -> firstOfTwo(base, api), Optional::isPresent)
                .orElseThrow()) {
            sendLarge(api).expect(429);
            api.get("/health").expect(200);
            api.get("/operations").expect(200);
            assertThat(stuck.isClosed()).isFalse();
        }
        Eventually.see(LIMIT, () -> sendLarge(api), answer -> !isRefusedAtTheGate(answer));
    }

    /** A request whose body does not come, if it came before another: of the two the second is refused. */
    private static Optional<Socket> firstOfTwo(String base, ApiClient api) {
        try {
            var stuck = RawHttp.begin(base, "POST", "/instances/import", 200_000);
            if (isRefusedAtTheGate(sendLarge(api))) {
                return Optional.of(stuck);
            }
            stuck.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer sendLarge(ApiClient api) {
        return api.post("/instances/import", "{\"tags\":{\"k\":\"%s\"}}".formatted("x".repeat(100_000)));
    }

    private static boolean isRefusedAtTheGate(Answer answer) {
        return answer.text("message").contains("as many requests");
    }
}
