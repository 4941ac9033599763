package dev.snapfork.worker;

import dev.snapfork.command.CancelRequests;
import dev.snapfork.environment.OwnSchema;
import dev.snapfork.operation.Operation;
import dev.snapfork.platform.Configured;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** In tables of its own: a service that runs beside would see to the requests. */
class PostgresCancellationsTest extends CancellationsContract {
    private @Nullable OwnSchema schema;

    @BeforeEach
    void makeTables() throws IOException {
        schema = new OwnSchema("V2__worker_claims.sql", "V3.1__command_turns.sql", "V5__command_attempts.sql");
    }

    @AfterEach
    void dropTables() {
        if (schema != null) {
            schema.close();
        }
    }

    private Pool pool() {
        if (schema == null) {
            throw new IllegalStateException("there are no tables");
        }
        return schema.pool();
    }

    @Override
    Cancellations cancellations() {
        return new PostgresCancellations(pool(), Clock.systemUTC(), Configured.with(Map.of()));
    }

    @Override
    void ask(Operation operation) {
        new CancelRequests(pool(), Clock.systemUTC()).ask(operation).await().atMost(Duration.ofSeconds(30));
    }

    @Override
    Settlements settlements() {
        return new PostgresAgreements(pool(), Configured.with(Map.of()));
    }
}
