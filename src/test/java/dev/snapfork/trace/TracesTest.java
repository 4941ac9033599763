package dev.snapfork.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {
    private static final String COMMANDS = "snapfork.commands";
    private static final String EVENTS = "snapfork.events";

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Traces traces = new Traces(
            OpenTelemetrySdk.builder()
                    .setTracerProvider(SdkTracerProvider.builder()
                            .addSpanProcessor(SimpleSpanProcessor.create(spans))
                            .build())
                    .build(),
            false);

    private static String traceparent(Hop hop) {
        var headers = new RecordHeaders();
        hop.writeTo(headers, Traces.TRACEPARENT);
        var told = LogLabels.text(headers, Traces.TRACEPARENT);
        return told == null ? "" : told;
    }

    @Test
    void anEventIsInTheTraceOfTheCommandThatCausedIt() {
        var command = new RecordHeaders();
        traces.sendsCommand(COMMANDS, "create", "op-1").writeTo(command, Traces.TRACEPARENT);
        var trace = String.valueOf(LogLabels.text(command, Traces.TRACEPARENT)).substring(0, 35);

        try (var handled = traces.handles(command, COMMANDS, "create", "op-1");
                var _ = handled.current()) {
            assertThat(traceparent(traces.sendsEvent(EVENTS, "created", "op-1")))
                    .startsWith(trace);
        }
    }

    @Test
    void anEventThatAnotherCommandLeftUntoldIsInNoTrace() {
        try (var handled = traces.handles(new RecordHeaders(), COMMANDS, "create", "op-2");
                var _ = handled.current()) {
            assertThat(traceparent(traces.sendsEvent(EVENTS, "created", "op-1")))
                    .isEmpty();
            assertThat(traceparent(traces.sendsEvent(EVENTS, "died", null))).isEmpty();
        }
        assertThat(traceparent(traces.sendsEvent(EVENTS, "created", "op-2"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-00000000000000000000000000000000-0000000000000000-00"})
    void aTraceparentThatMakesNoSenseBeginsATraceAndIsNotAppliedToAny(String told) {
        var headers = new RecordHeaders();
        headers.add(Traces.TRACEPARENT, told.getBytes(StandardCharsets.UTF_8));

        try (var handled = traces.handles(headers, COMMANDS, "create", "op-1")) {
            assertThat(traceparent(handled)).isNotEmpty();
        }
        assertThat(traces.applies(headers, COMMANDS)).isSameAs(Hop.NONE);
    }

    @Test
    void aStepEndsWithItsWorkAndSaysThatItFailed() {
        var hop = traces.sendsCommand(COMMANDS, "create", "op-1");

        var failing = hop.until(Uni.createFrom().<String>failure(new IllegalStateException("Kafka is away")));

        assertThatThrownBy(() -> failing.await().atMost(Duration.ofSeconds(5)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(spans.getFinishedSpanItems())
                .singleElement()
                .satisfies(span -> assertThat(span.getStatus().getDescription()).contains("Kafka is away"));
    }

    @Test
    void anIdFromOutsideIsShownOnlyIfItIsShortAndVisibleAscii() {
        assertThat(LogLabels.isSane("ticket-4711/a:b")).isTrue();
        for (var told : new String[] {"", "two words", "caf\u00e9", "a\tb", "\u001b[31m", "x".repeat(129)}) {
            assertThat(LogLabels.isSane(told)).as(told).isFalse();
        }
    }

    @Test
    void switchedOffNothingIsMadeOrWritten() {
        var off = Traces.OFF;
        var headers = new RecordHeaders();
        headers.add(
                Traces.TRACEPARENT,
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".getBytes(StandardCharsets.UTF_8));

        assertThat(off.sendsCommand(COMMANDS, "create", "op-1")).isSameAs(Hop.NONE);
        assertThat(off.handles(headers, COMMANDS, "create", "op-1")).isSameAs(Hop.NONE);
        assertThat(off.sendsEvent(EVENTS, "created", "op-1")).isSameAs(Hop.NONE);
        assertThat(off.applies(headers, COMMANDS)).isSameAs(Hop.NONE);
        assertThat(off.awaits("op-1")).isSameAs(Hop.NONE);
    }
}
