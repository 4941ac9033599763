package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.hibernate.HibernateException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseOutageTest {
    private static Stream<Throwable> outages() {
        return Stream.of(
                new ConnectException("Connection refused"),
                ClosedConnectionException.INSTANCE,
                new TimeoutException(),
                new NoStackTraceThrowable("Timeout"),
                new HibernateException(
                        new NoStackTraceThrowable("Connection is not active now, current status: CLOSED")),
                new CompletionException(new IllegalStateException(new ConnectException("Connection refused"))));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void aConnectionThatCannotBeHadIsOne(Throwable failure) {
        assertThat(DatabaseOutage.isBehind(failure)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"57P03", "57P01", "08006", "53300"})
    void soIsAServerThatDoesNotServe(String state) {
        assertThat(DatabaseOutage.isBehind(new PgException("no", "FATAL", state, null)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "22P05", "40001"})
    void aRefusedQueryIsNone(String state) {
        assertThat(DatabaseOutage.isBehind(new PgException("no", "ERROR", state, null)))
                .isFalse();
    }

    private static Stream<Throwable> surprises() {
        var endless = new IllegalStateException("one");
        endless.initCause(new IllegalStateException("two", endless));
        return Stream.of(
                new IllegalStateException(),
                new NullPointerException("Timeout"),
                new NoStackTraceThrowable(null),
                endless);
    }

    @ParameterizedTest
    @MethodSource("surprises")
    void norIsAnythingElse(Throwable failure) {
        assertThat(DatabaseOutage.isBehind(failure)).isFalse();
    }
}
