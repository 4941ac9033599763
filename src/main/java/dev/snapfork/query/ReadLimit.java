package dev.snapfork.query;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** The deadline of reads: a database that stands still keeps no caller waiting. */
final class ReadLimit {
    static final Duration LIMIT = Duration.ofSeconds(10);

    private ReadLimit() {}

    /**
     * The same answer if it comes in time, else a {@link TimeoutException}. The query itself is left to end by itself: a session that is
     * given up in the middle of a query would not give its connection back.
     */
    static <T> Uni<T> of(Uni<T> answer) {
        return answer.memoize().indefinitely().ifNoItem().after(LIMIT).fail();
    }
}
