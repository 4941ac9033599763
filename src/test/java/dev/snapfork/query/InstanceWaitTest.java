package dev.snapfork.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.Guests;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.platform.Configured;
import dev.snapfork.view.InstanceViews;
import dev.snapfork.view.InstanceWaits;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** How many may wait. */
@QuarkusTest
class InstanceWaitTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Guests guests = new Guests(
            Path.of(ConfigProvider.getConfig().getValue("snapfork.data-dir", String.class)),
            ApiClient.at(ConfigProvider.getConfig().getValue("test.url", String.class)));
    private final InstanceWait waits;

    /** One of its own, in which two may wait. */
    @Inject
    InstanceWaitTest(InstanceViews instances, InstanceWaits all) {
        waits = new InstanceWait(instances, all, Configured.with(Map.of("snapfork.api.max-waiting", "2")));
    }

    private CompletableFuture<Response> waiting(String instance, InstanceState state, Duration limit) {
        return waits.waited(instance, state, limit).subscribeAsCompletionStage();
    }

    @Test
    void whoComesWhenAsManyWaitAsMayIsSentAwayUntilOneLeaves() {
        var instance = guests.newStopped();
        var three = Stream.generate(() -> waiting(instance, InstanceState.RUNNING, Duration.ofSeconds(3)))
                .limit(3)
                .toList();
        var noWait = waiting(instance, InstanceState.STOPPED, LIMIT);

        assertThat(noWait).succeedsWithin(LIMIT).satisfies(answer -> assertThat(answer.getStatus())
                .isEqualTo(200));
        // which of them come first is not known
        assertThat(three).allSatisfy(wait -> assertThat(wait).succeedsWithin(LIMIT));
        var answers = three.stream().map(CompletableFuture::join).toList();
        assertThat(answers)
                .filteredOn(answer -> answer.getStatus() == 429)
                .singleElement()
                .satisfies(answer ->
                        assertThat(answer.getHeaderString("Retry-After")).isEqualTo("1"));
        assertThat(answers)
                .filteredOn(answer -> answer.getStatus() == 200)
                .hasSize(2)
                .allSatisfy(answer -> assertThat(String.valueOf(answer.getEntity()))
                        .isEqualTo("{\"state\":\"Stopped\",\"timed_out\":true}"));
        assertThat(waiting(instance, InstanceState.RUNNING, Duration.ofMillis(10)))
                .succeedsWithin(LIMIT)
                .satisfies(answer -> assertThat(answer.getStatus()).isEqualTo(200));
    }
}
