package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.operation.Cuid;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The id by which a request's log lines are found, whoever writes them. */
@QuarkusTest
class RequestIdsTest {
    private static final String HEADER = "X-Request-Id";
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Lines lines = new Lines();

    private static final class Lines extends Handler {
        private final List<ExtLogRecord> all = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            var wrapped = ExtLogRecord.wrap(line);
            // as the thread that wrote it has them
            wrapped.copyMdc();
            all.add(wrapped);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        private List<ExtLogRecord> with(String label, String value) {
            return all.stream().filter(line -> value.equals(line.getMdc(label))).toList();
        }
    }

    @BeforeEach
    void listen() {
        Logger.getLogger("dev.snapfork").addHandler(lines);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger("dev.snapfork").removeHandler(lines);
    }

    @Test
    void aRequestsIdIsReturnedAndOnTheLinesOfTheWorkerThatHandlesItsCommand() {
        var instance = guests.newStandby();

        var answer = api.post(
                        "/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}", HEADER, "ticket-4711/a:b")
                .expect(201);

        assertThat(answer.header(HEADER)).isEqualTo("ticket-4711/a:b");
        var settled = Eventually.see(SOON, () -> lines.with("correlation", "ticket-4711/a:b"), found -> found.stream()
                .anyMatch(line -> line.getMessage().startsWith("settled: ")));
        assertThat(settled).allSatisfy(line -> assertThat(Cuid.isValid(line.getMdc("operation")))
                .isTrue());
    }

    @Test
    void theProjectionsLinesBearTheIdsOfTheRecordThatTheyAreAbout() {
        var operation = Cuid.random(RandomGenerator.getDefault());
        RawLog.put(
                "snapfork.events",
                RawLog.utf8("no-such-aggregate"),
                Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "no-such-aggregate-1",
                        "ce_type", "dev.snapfork.nothing.that.is.known.v1",
                        "ce_source", "/tests",
                        "ce_subject", "no-such-aggregate",
                        "ce_time", "2026-03-01T10:00:00Z",
                        "ce_causationid", operation,
                        "x-request-id", "ticket-4712"),
                RawLog.utf8("{}"));

        var found = Eventually.see(SOON, () -> lines.with("operation", operation), seen -> !seen.isEmpty());

        assertThat(found.getFirst().getMdc("correlation")).isEqualTo("ticket-4712");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", ""})
    void anIdThatIsNotFitToBeShownIsReplaced(String told) {
        assertThat(api.send("GET", "/health", null, HEADER, told).header(HEADER))
                .matches("[0-9a-f]{32}");
    }

    @Test
    void anIdThatIsTooLongIsReplaced() {
        assertThat(api.send("GET", "/health", null, HEADER, "x".repeat(128)).header(HEADER))
                .isEqualTo("x".repeat(128));
        assertThat(api.send("GET", "/health", null, HEADER, "x".repeat(129)).header(HEADER))
                .matches("[0-9a-f]{32}");
    }

    @Test
    void aCallersTraceIsTheIdWhereItTellsNone() {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        assertThat(api.send("GET", "/health", null, "traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                        .header(HEADER))
                .isEqualTo(trace);
        assertThat(api.send("GET", "/health", null, "traceparent", "00-nonsense-01")
                        .header(HEADER))
                .matches("[0-9a-f]{32}")
                .isNotEqualTo(trace);
    }

    @Test
    void withoutTracesRecordsHaveNoTraceparent() {
        var instance = guests.newStandby();

        var told = EventLog.read(entry -> instance.equals(entry.raw().key()), entry -> true);

        assertThat(told).allSatisfy(event -> assertThat(event.raw().headers().lastHeader("ce_traceparent"))
                .isNull());
    }
}
