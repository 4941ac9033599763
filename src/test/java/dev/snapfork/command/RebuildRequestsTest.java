package dev.snapfork.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.OwnSchema;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In tables of its own: a worker that runs beside would do what is asked for. */
class RebuildRequestsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final String ONE = "one";
    private static final String OTHER = "other";

    private OwnSchema schema;
    private RebuildRequests requests;

    @BeforeEach
    void makeTables() throws IOException {
        schema = new OwnSchema("V1__read_model.sql", "V7__event_log_rebuild.sql");
        requests = new RebuildRequests(schema.pool());
    }

    @AfterEach
    void dropTables() {
        schema.close();
    }

    private static <T> T got(Uni<T> answer) {
        return answer.await().atMost(LIMIT);
    }

    private long epochOfTheReadModel() {
        return got(schema.pool().query("select epoch from projection_epoch").execute())
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void nobodyHasAnythingToDoUntilItIsAskedFor() {
        assertThat(got(requests.claim(ONE, LEASE))).isEmpty();

        assertThat(got(requests.ask())).isEqualTo(new RebuildRequests.State(1, 0));

        assertThat(got(requests.claim(ONE, LEASE))).contains(1L);
    }

    @Test
    void oneWorkerHasItAndKeepsIt() {
        got(requests.ask());

        assertThat(got(requests.claim(ONE, LEASE))).contains(1L);
        assertThat(got(requests.claim(OTHER, LEASE))).isEmpty();
        assertThat(got(requests.claim(ONE, LEASE))).contains(1L);
    }

    @Test
    void anotherTakesOverFromOneThatSaysNothingAnyMore() {
        got(requests.ask());
        got(requests.claim(ONE, Duration.ZERO));

        assertThat(got(requests.claim(OTHER, LEASE))).contains(1L);

        assertThat(got(requests.claim(ONE, LEASE))).isEmpty();
        got(requests.complete(ONE, 1));
        assertThat(got(requests.state())).isEqualTo(new RebuildRequests.State(1, 0));
    }

    @Test
    void whenItIsDoneTheReadModelIsAskedForAndNobodyDoesItAgain() {
        var before = epochOfTheReadModel();
        got(requests.ask());
        got(requests.claim(ONE, LEASE));

        got(requests.complete(ONE, 1));

        assertThat(got(requests.state())).isEqualTo(new RebuildRequests.State(1, 1));
        assertThat(got(requests.claim(OTHER, LEASE))).isEmpty();
        assertThat(epochOfTheReadModel()).isEqualTo(before + 1);
    }

    @Test
    void whatIsAskedForMeanwhileIsDoneAfterwards() {
        got(requests.ask());
        var begun = got(requests.claim(ONE, LEASE)).orElseThrow();
        got(requests.ask());

        got(requests.complete(ONE, begun));

        assertThat(got(requests.claim(OTHER, LEASE))).contains(2L);
    }
}
