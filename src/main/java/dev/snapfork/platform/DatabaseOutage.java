package dev.snapfork.platform;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells that PostgreSQL is not there from all else that can go wrong with a query. */
final class DatabaseOutage {
    /** Connections, resources, shutdown and start; see PostgreSQL's documentation, appendix A. */
    private static final Set<String> CLASSES = Set.of("08", "53", "57");
    /** What the client's pool says when no connection could be had in time, as a failure without a type of its own. */
    private static final String POOL_TIMEOUT = "Timeout";
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
            default -> POOL_TIMEOUT.equals(failure.getMessage());
        };
    }
}
