package dev.snapfork.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** One step of a trace, from its making until it is closed. That of no trace does nothing. */
public final class Hop implements AutoCloseable {
    /** Of no trace. */
    public static final Hop NONE = new Hop(null);

    private final @Nullable Context context;

    Hop(@Nullable Context context) {
        this.context = context;
    }

    /** What a thread is at until this is closed. */
    public interface Current extends AutoCloseable {
        @Override
        void close();
    }

    <T> Hop at(ContextKey<T> key, T value) {
        return context == null ? this : new Hop(context.with(key, value));
    }

    /** Puts where this step is into a record's headers, so that whoever reads it can go on from there. */
    public void writeTo(Headers headers, String name) {
        var told = context == null ? null : Traceparent.in(context);
        if (told != null) {
            headers.add(name, told.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** This thread is at this step. */
    @SuppressWarnings("MustBeClosedChecker") // closed by who closes what is returned
    public Current current() {
        if (context == null) {
            return () -> {};
        }
        Scope scope = context.makeCurrent();
        return scope::close;
    }

    /** The same work; the step ends when it does. */
    public <T> Uni<T> until(Uni<T> work) {
        return context == null
                ? work
                : work.onTermination().invoke((item, failure, cancelled) -> {
                    if (failure != null) {
                        Span.fromContext(context).setStatus(StatusCode.ERROR, failure.toString());
                    }
                    close();
                });
    }

    /** Ends the step; once is enough. */
    @Override
    public void close() {
        if (context != null) {
            Span.fromContext(context).end();
        }
    }
}
