package dev.snapfork.platform;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells that PostgreSQL is not there from all else that can go wrong with a query. */
final class DatabaseOutage {
    /** Connections, resources, shutdown and start; see PostgreSQL's documentation, appendix A. */
    private static final Set<String> CLASSES = Set.of("08", "53", "57");
    /**
     * How begins what the client says, in failures without a type of their own, of a connection that could not be had in time, and of
     * one that ended between its being handed out and its first query.
     */
    private static final List<String> UNTYPED = List.of("Timeout", "Connection is not active now");
    /** Deeper than any chain of causes that a client makes. */
    private static final int DEEPEST = 16;

    private DatabaseOutage() {}

    /** Whether the failure comes from PostgreSQL's being away, starting, overcrowded or too slow. */
    static boolean isBehind(Throwable failure) {
        return Stream.iterate(failure, DatabaseOutage::hasCause, Throwable::getCause)
                .limit(DEEPEST)
                .anyMatch(DatabaseOutage::isOutage);
    }

    private static boolean hasCause(@Nullable Throwable failure) {
        return failure != null;
    }

    private static boolean isOutage(Throwable failure) {
        return switch (failure) {
            case PgException e ->
                e.getSqlState() != null
                        && e.getSqlState().length() == 5
                        && CLASSES.contains(e.getSqlState().substring(0, 2));
            case ClosedConnectionException _, TimeoutException _ -> true;
            // a process that answers calls reads and writes nothing but connections
            case IOException _ -> true;
            case NoStackTraceThrowable e -> UNTYPED.stream().anyMatch(String.valueOf(e.getMessage())::startsWith);
            default -> false;
        };
    }
}
