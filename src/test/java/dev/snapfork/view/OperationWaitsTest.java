package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.Guests;
import dev.snapfork.view.OperationWaits.StoppingException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OperationWaitsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Uni<Void> NOTHING = Uni.createFrom().voidItem();

    private final ApiClient api = ApiClient.at(ConfigProvider.getConfig().getValue("test.url", String.class));
    private final Guests guests =
            new Guests(Path.of(ConfigProvider.getConfig().getValue("snapfork.data-dir", String.class)), api);
    private final OperationWaits waits;

    /** The waits are the test's own: the service's are not to be stopped. */
    @Inject
    OperationWaitsTest(OperationLookup operations) {
        waits = new OperationWaits(operations);
    }

    private String settledOperation() {
        var instance = guests.newStandby();
        return api.get("/operations?limit=1&instance_id=" + instance)
                .expect(200)
                .json()
                .get(0)
                .get("id")
                .asText();
    }

    private static <T> CompletableFuture<T> begun(Uni<T> wait) {
        return wait.subscribeAsCompletionStage();
    }

    @Test
    void allWhoWaitForAnOperationHearOfIt() {
        var operation = settledOperation();
        var first = begun(waits.untilSettled(operation, NOTHING, LIMIT));
        var second = begun(waits.untilKnown(operation, NOTHING, LIMIT));
        var other = begun(waits.untilSettled("a".repeat(24), NOTHING, LIMIT));

        waits.hear(Notice.parse("SETTLED:" + operation));

        assertThat(first)
                .succeedsWithin(LIMIT)
                .satisfies(result -> assertThat(result.operation().id().value()).isEqualTo(operation));
        assertThat(second).succeedsWithin(LIMIT);
        assertThat(other).isNotDone();
    }

    @Test
    void whatNoNoticeToldIsLookedUp() {
        var wait = begun(waits.untilSettled(settledOperation(), NOTHING, LIMIT));

        waits.lookUpAll();

        assertThat(wait).succeedsWithin(LIMIT);
    }

    @Test
    void oneWhoGivesUpTakesNobodyElseAlong() {
        var operation = settledOperation();
        var impatient = begun(waits.untilSettled(operation, NOTHING, Duration.ofMillis(1)));
        var patient = begun(waits.untilSettled(operation, NOTHING, LIMIT));

        assertThat(impatient).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(TimeoutException.class);
        waits.lookUpAll();

        assertThat(patient).succeedsWithin(LIMIT);
    }

    @Test
    void whenTheProcessStopsAllAreToldAndNothingNewIsBegun() {
        var started = new AtomicInteger();
        var waiting = begun(waits.untilSettled("a".repeat(24), NOTHING, LIMIT));

        waits.stop(new ShutdownEvent());
        var late = begun(waits.untilSettled("b".repeat(24), NOTHING.invoke(started::incrementAndGet), LIMIT));

        assertThat(waiting).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(StoppingException.class);
        assertThat(late).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(StoppingException.class);
        assertThat(started).hasValue(0);
        assertThat(waits.stopping()).isTrue();
    }
}
