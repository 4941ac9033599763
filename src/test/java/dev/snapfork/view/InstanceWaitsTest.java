package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.Guests;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.RefusedException;
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
class InstanceWaitsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ApiClient api = ApiClient.at(ConfigProvider.getConfig().getValue("test.url", String.class));
    private final Guests guests =
            new Guests(Path.of(ConfigProvider.getConfig().getValue("snapfork.data-dir", String.class)), api);
    private final InstanceWaits waits;

    /** The waits are the test's own: the service's are not to be stopped, and nobody looks these up by the clock. */
    @Inject
    InstanceWaitsTest(InstanceViews instances) {
        waits = new InstanceWaits(instances);
    }

    private static boolean never(Instance instance) {
        return false;
    }

    private static <T> CompletableFuture<T> begun(Uni<T> wait) {
        return wait.subscribeAsCompletionStage();
    }

    @Test
    void whatHasComeAboutBeforeAnybodyWaitedIsSeenAtOnce() {
        var id = new InstanceId(guests.newStopped());

        var wait = begun(waits.until(id, instance -> true, LIMIT));

        assertThat(wait).succeedsWithin(LIMIT).satisfies(instance -> assertThat(instance.id())
                .isEqualTo(id));
    }

    @Test
    void theEndOfACommandEndsTheWaitsThatItSatisfiesAndNoOthers() {
        var id = new InstanceId(guests.newStopped());
        var looks = new AtomicInteger();
        var second = begun(waits.until(id, instance -> looks.incrementAndGet() > 1, LIMIT));
        var never = begun(waits.until(id, InstanceWaitsTest::never, LIMIT));
        assertThat(second).isNotDone();

        waits.hear(Notice.parse("ACCEPTED:" + "o".repeat(24)));
        waits.hear(Notice.parse("SETTLED:" + "o".repeat(24)));

        assertThat(second).succeedsWithin(LIMIT);
        assertThat(never).isNotDone();
    }

    @Test
    void whatNoNoticeToldIsLookedUp() {
        var id = new InstanceId(guests.newStopped());
        var looks = new AtomicInteger();
        var wait = begun(waits.until(id, instance -> looks.incrementAndGet() > 1, LIMIT));

        waits.lookUp();

        assertThat(wait).succeedsWithin(LIMIT);
    }

    @Test
    void whoWaitsForAnInstanceThatIsDeletedIsToldSo() {
        var id = guests.newStopped();
        var other = begun(waits.until(new InstanceId(guests.newStopped()), InstanceWaitsTest::never, LIMIT));
        var wait = begun(waits.until(new InstanceId(id), InstanceWaitsTest::never, LIMIT));

        api.delete("/instances/" + id).expect(204);
        waits.lookUp();

        assertThat(wait).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(RefusedException.class);
        assertThat(other).isNotDone();
    }

    @Test
    void whenTheTimeIsOverTheWaitIsAsWell() {
        var wait = begun(
                waits.until(new InstanceId(guests.newStopped()), InstanceWaitsTest::never, Duration.ofMillis(10)));

        assertThat(wait).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void whenTheProcessStopsAllAreTold() {
        var id = new InstanceId(guests.newStopped());
        var waiting = begun(waits.until(id, InstanceWaitsTest::never, LIMIT));

        waits.stop(new ShutdownEvent());
        var late = begun(waits.until(id, instance -> true, LIMIT));

        assertThat(waiting).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(StoppingException.class);
        assertThat(late).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(StoppingException.class);
    }
}
