package dev.snapfork.trace;

import io.smallrye.common.vertx.VertxContext;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The ids that log lines bear: {@code operation}, the command's, and {@code correlation}, the request's that all began with. A record
 * that follows from a request has the latter in a header; what nobody asked for is correlated by its operation.
 */
public final class LogLabels {
    /** Of requests, answers and records. */
    public static final String HEADER = "X-Request-Id";

    private static final String OF_RECORDS = "x-request-id";
    private static final String CORRELATION = "correlation";
    private static final String OPERATION = "operation";
    private static final String COMMANDS = "dev.snapfork.command.";
    private static final Pattern SANE = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private LogLabels() {}

    /** What a thread's log lines bear until this is closed. */
    public interface Worn extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether an id from outside may be shown and passed on: 1 to 128 visible ASCII characters. */
    public static boolean isSane(@Nullable String id) {
        return id != null && SANE.matcher(id).matches();
    }

    /** All that the request does from now on is correlated by the id. To be called in the request's own context. */
    public static void begin(String correlation) {
        label(CORRELATION, correlation);
    }

    /** What the request does from now on is about the operation. To be called in the request's own context. */
    public static void isAbout(String operation) {
        label(OPERATION, operation);
    }

    /** Labels without an end of their own go with the request's context; on any other thread they would stay for ever. */
    private static void label(String key, String value) {
        if (VertxContext.isOnDuplicatedContext()) {
            MDC.put(key, value);
        }
    }

    /** Lines about a record bear its ids. */
    public static Worn of(Headers headers) {
        var operation = operation(headers);
        var told = text(headers, OF_RECORDS);
        return wear(isSane(told) ? told : operation, operation);
    }

    private static Worn wear(@Nullable String correlation, @Nullable String operation) {
        var correlationBefore = MDC.get(CORRELATION);
        var operationBefore = MDC.get(OPERATION);
        put(CORRELATION, correlation);
        put(OPERATION, operation);
        return () -> {
            put(CORRELATION, correlationBefore);
            put(OPERATION, operationBefore);
        };
    }

    private static void put(String key, @Nullable Object value) {
        if (value == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, value);
        }
    }

    /** Passes the request's id on to whoever reads the record. */
    public static void writeTo(Headers headers) {
        if (MDC.get(CORRELATION) instanceof String correlation) {
            headers.add(OF_RECORDS, correlation.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** As {@link #writeTo(Headers)}, unless what this thread is at is not the cause of the record. */
    public static void writeTo(Headers headers, @Nullable String cause) {
        if (cause != null && cause.equals(MDC.get(OPERATION))) {
            writeTo(headers);
        }
    }

    /** The command that a record is, or that caused it; null if it does not say. */
    static @Nullable String operation(Headers headers) {
        var type = text(headers, "ce_type");
        var id = text(headers, type != null && type.startsWith(COMMANDS) ? "ce_id" : "ce_causationid");
        return isSane(id) ? id : null;
    }

    static @Nullable String text(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
