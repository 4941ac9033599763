package dev.snapfork.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The W3C trace context's one header, read from and written to records under whatever name they have it. */
final class Traceparent {
    private static final TextMapGetter<String> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(Traces.TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(Traces.TRACEPARENT) ? carrier : null;
        }
    };

    private Traceparent() {}

    /** The context that the header tells; the root's if there is none, or if it makes no sense. */
    static Context of(Headers headers, String name) {
        var told = LogLabels.text(headers, name);
        return told == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), told, GETTER);
    }

    /** Null if the context has no span that anybody could follow. */
    static @Nullable String in(Context context) {
        var span = Span.fromContext(context).getSpanContext();
        return span.isValid()
                ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                        + span.getTraceFlags().asHex()
                : null;
    }
}
