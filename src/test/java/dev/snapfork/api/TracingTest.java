package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.junit.jupiter.api.Test;

/** One trace from the request to the answer, through both logs; and what machines read of the logs. */
@QuarkusTest
@TestProfile(Observed.On.class)
class TracingTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SERVER = "POST /instances/{id}/snapshots";
    private static final String SEND_COMMAND = "send snapfork.commands";
    private static final String PROCESS = "process snapfork.commands";
    private static final String SEND_EVENT = "send snapfork.events";
    private static final String APPLY_COMMAND = "apply snapfork.commands";
    private static final String APPLY_EVENT = "apply snapfork.events";
    private static final String AWAIT = "await operation";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);

    @Inject
    Observed observed;

    private List<SpanData> traceOf(Answer answer) {
        var trace = answer.header("X-Request-Id");
        return Eventually.see(SOON, () -> observed.spans(trace), TracingTest::isWhole);
    }

    private static boolean isWhole(List<SpanData> spans) {
        return named(spans, APPLY_EVENT).size() >= 2
                && Stream.of(SERVER, SEND_COMMAND, PROCESS, APPLY_COMMAND, AWAIT)
                        .noneMatch(name -> named(spans, name).isEmpty());
    }

    private static List<SpanData> named(Collection<SpanData> spans, String name) {
        return spans.stream().filter(span -> span.getName().equals(name)).toList();
    }

    private static SpanData only(List<SpanData> spans, String name) {
        assertThat(named(spans, name)).as(name).hasSize(1);
        return named(spans, name).getFirst();
    }

    @Test
    void aSnapshotIsOneTraceFromTheRequestThroughBothLogsToTheAnswer() {
        var instance = guests.newStandby();

        var spans = traceOf(api.post("/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}")
                .expect(201));

        var server = only(spans, SERVER);
        var sent = only(spans, SEND_COMMAND);
        var processed = only(spans, PROCESS);
        assertThat(server.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(server.getParentSpanContext().isValid()).isFalse();
        assertThat(only(spans, AWAIT).getParentSpanId()).isEqualTo(server.getSpanId());
        assertThat(sent.getParentSpanId()).isEqualTo(server.getSpanId());
        assertThat(processed.getParentSpanId()).isEqualTo(sent.getSpanId());
        assertThat(only(spans, APPLY_COMMAND).getParentSpanId()).isEqualTo(sent.getSpanId());
        // that it was created, and that the operation has ended
        var told = named(spans, SEND_EVENT);
        assertThat(told).hasSize(2).allSatisfy(event -> assertThat(event.getParentSpanId())
                .isEqualTo(processed.getSpanId()));
        assertThat(named(spans, APPLY_EVENT))
                .extracting(SpanData::getParentSpanId)
                .containsExactlyInAnyOrderElementsOf(
                        told.stream().map(SpanData::getSpanId).toList());
        assertThat(processed.getAttributes().asMap().toString()).contains("snapfork.outcome=succeeded");
    }

    @Test
    void aCallersTraceGoesOnAndIsInTheEventsHeaders() {
        var instance = guests.newStandby();
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        var answer = api.post(
                        "/instances/" + instance + "/snapshots",
                        "{\"kind\":\"Standby\"}",
                        "traceparent",
                        "00-" + trace + "-00f067aa0ba902b7-01")
                .expect(201);

        assertThat(only(traceOf(answer), SERVER).getParentSpanId()).isEqualTo("00f067aa0ba902b7");
        var created = EventLog.read(entry -> answer.id().equals(entry.raw().key()), entry -> entry.type()
                        .endsWith("snapshot.created.v1"))
                .getFirst();
        assertThat(created.header("ce_traceparent")).startsWith("00-" + trace + "-");
        assertThat(created.header("ce_causationid")).isNotEmpty();
    }

    @Test
    void aCommandThatFollowsFromAnotherIsInItsTrace() {
        var answer = api.post(
                        "/instances/" + guests.newStandby() + "/snapshots",
                        "{\"kind\":\"Standby\",\"compression\":{\"enabled\":true}}")
                .expect(201);

        var trace = answer.header("X-Request-Id");
        Eventually.see(SOON, () -> observed.spans(trace), spans -> !named(spans, "process snapfork.compressions")
                .isEmpty());
    }

    @Test
    void linesOfTheLogAreJsonWithTheirIds() {
        var json = consoles(Logger.getLogger("").getHandlers())
                .map(Handler::getFormatter)
                .filter(formatter -> formatter.getClass().getName().contains("Json"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no console has a JSON formatter"));
        var record = new ExtLogRecord(Level.INFO, "settled", "dev.snapfork");
        record.putMdc("correlation", "request-1");

        var line = json.format(record);

        var read = new Answer(200, java.net.http.HttpHeaders.of(java.util.Map.of(), (a, b) -> true), line).json();
        assertThat(read.get("message").asText()).isEqualTo("settled");
        assertThat(read.at("/mdc/correlation").asText()).isEqualTo("request-1");
    }

    private static Stream<Handler> consoles(Handler[] handlers) {
        return Stream.of(handlers)
                .flatMap(handler -> handler instanceof ConsoleHandler
                        ? Stream.of(handler)
                        : handler instanceof ExtHandler nested ? consoles(nested.getHandlers()) : Stream.empty());
    }
}
