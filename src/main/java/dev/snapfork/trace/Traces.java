package dev.snapfork.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Has one trace go from a request through the command log, the worker, the event log and the projection, and back to the answer. The
 * context travels in the records' headers, put there by hand and not by the Kafka connector: which command caused an event is known to
 * whoever publishes it, and not to the thread that happens to send it. Switched off, which it is unless somebody sets {@code
 * quarkus.otel.sdk.disabled=false}, nothing is made, read or written.
 */
@Singleton
public class Traces {
    /** As W3C has it. Commands have it as it is, events as CloudEvents' extension for distributed tracing. */
    public static final String TRACEPARENT = "traceparent";

    /** The same in the Kafka binding of CloudEvents. */
    public static final String OF_EVENTS = "ce_" + TRACEPARENT;

    /** Switched off. */
    public static final Traces OFF = new Traces(OpenTelemetry.noop(), true);

    private static final ContextKey<String> OPERATION = ContextKey.named("snapfork-operation");

    private final Tracer tracer;
    private final boolean on;

    @Inject
    public Traces(
            OpenTelemetry telemetry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "true") boolean disabled) {
        this.tracer = telemetry.getTracer("dev.snapfork");
        this.on = !disabled;
    }

    /** A command is sent, for whatever this thread is at. */
    public Hop sendsCommand(String topic, String type, String operation) {
        return on ? hop("send " + topic, SpanKind.PRODUCER, Context.current(), type, operation) : Hop.NONE;
    }

    /**
     * An event is sent. It belongs to the trace only if this thread is at the command that caused it: one may as well have to tell
     * what another command left untold.
     *
     * @param operation the command that caused it; null if none did
     */
    public Hop sendsEvent(String topic, String type, @Nullable String operation) {
        return on && isAt(operation)
                ? hop("send " + topic, SpanKind.PRODUCER, Context.current(), type, operation)
                : Hop.NONE;
    }

    /** Whether this thread is at that command. */
    private static boolean isAt(@Nullable String operation) {
        return operation != null && operation.equals(Context.current().get(OPERATION));
    }

    /** A worker is at a command: what it sends meanwhile, while the hop is {@linkplain Hop#current current}, follows from it. */
    public Hop handles(Headers headers, String topic, String type, String operation) {
        return on
                ? hop("process " + topic, SpanKind.CONSUMER, Traceparent.of(headers, TRACEPARENT), type, operation)
                        .at(OPERATION, operation)
                : Hop.NONE;
    }

    /** The read model takes a record, if that belongs to a trace. */
    public Hop applies(Headers headers, String topic) {
        if (!on) {
            return Hop.NONE;
        }
        var name = headers.lastHeader(OF_EVENTS) == null ? TRACEPARENT : OF_EVENTS;
        var parent = Traceparent.of(headers, name);
        return Span.fromContext(parent).getSpanContext().isValid()
                ? hop(
                        "apply " + topic,
                        SpanKind.CONSUMER,
                        parent,
                        LogLabels.text(headers, "ce_type"),
                        LogLabels.operation(headers))
                : Hop.NONE;
    }

    /** A caller waits for the end of its command. */
    public Hop awaits(String operation) {
        return on ? hop("await operation", SpanKind.INTERNAL, Context.current(), null, operation) : Hop.NONE;
    }

    /** Notes how the command ended that this thread is at. */
    public static void ended(String outcome) {
        Span.current().setAttribute("snapfork.outcome", outcome);
    }

    private Hop hop(String name, SpanKind kind, Context parent, @Nullable String type, @Nullable String operation) {
        var span = tracer.spanBuilder(name).setSpanKind(kind).setParent(parent);
        if (kind != SpanKind.INTERNAL) {
            span.setAttribute("messaging.system", "kafka");
            span.setAttribute("messaging.destination.name", name.substring(name.indexOf(' ') + 1));
        }
        if (type != null) {
            span.setAttribute("cloudevents.event_type", type);
        }
        if (operation != null) {
            span.setAttribute("snapfork.operation", operation);
        }
        return new Hop(parent.with(span.startSpan()));
    }
}
