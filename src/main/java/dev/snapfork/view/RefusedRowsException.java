package dev.snapfork.view;

import io.vertx.pgclient.PgException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PostgreSQL does not take what the rows hold, and never will: trying the same again is of no use. */
public final class RefusedRowsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final Set<String> FOR_GOOD = Set.of("22", "23", "54");

    RefusedRowsException(Throwable cause) {
        super(cause.getMessage(), cause);
    }

    /** Whether this is a data exception (SQLSTATE class 22), a broken constraint (23) or an exceeded limit (54). */
    static boolean isBehind(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var state = state(cause);
            if (state != null && state.length() == 5) {
                return FOR_GOOD.contains(state.substring(0, 2));
            }
        }
        return false;
    }

    /** Hibernate turns the driver's exceptions into those of JDBC, where it sees them. */
    private static @Nullable String state(Throwable failure) {
        return switch (failure) {
            case PgException driver -> driver.getSqlState();
            case SQLException jdbc -> jdbc.getSQLState();
            default -> null;
        };
    }
}
