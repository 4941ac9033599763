package dev.snapfork.platform;

import dev.snapfork.trace.LogLabels;
import io.opentelemetry.api.trace.Span;
import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Gives each request the id that its log lines bear, and its answer: the caller's {@code X-Request-Id} if that is one to be shown, else
 * the trace that the caller is in, else one of our own.
 */
final class RequestIds {
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");
    private static final String NO_TRACE = "0".repeat(32);
    private static final int OWN_BYTES = 16;

    private RequestIds() {}

    static void begin(RoutingContext context) {
        var id = id(context);
        LogLabels.begin(id);
        context.response().putHeader(LogLabels.HEADER, id);
    }

    private static String id(RoutingContext context) {
        var told = context.request().getHeader(LogLabels.HEADER);
        if (told != null && LogLabels.isSane(told)) {
            return told;
        }
        var span = Span.current().getSpanContext();
        if (span.isValid()) {
            return span.getTraceId();
        }
        var parent = context.request().getHeader("traceparent");
        var matcher = TRACEPARENT.matcher(parent == null ? "" : parent);
        return matcher.matches() && !matcher.group(1).equals(NO_TRACE) ? matcher.group(1) : own();
    }

    private static String own() {
        var bytes = new byte[OWN_BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
