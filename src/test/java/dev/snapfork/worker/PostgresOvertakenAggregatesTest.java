package dev.snapfork.worker;

import dev.snapfork.environment.OwnSchema;
import dev.snapfork.platform.Configured;
import dev.snapfork.view.ReadModelWriter;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class PostgresOvertakenAggregatesTest extends OvertakenAggregatesContract {
    private @Nullable OwnSchema schema;

    @BeforeEach
    void makeTables() throws IOException {
        schema = new OwnSchema("V1__read_model.sql", "V5.1__overtaken_aggregates.sql");
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
    ReadModelWriter readModel() {
        return new ReadModelWriter(pool());
    }

    @Override
    OvertakenAggregates overtaken() {
        return new PostgresOvertakenAggregates(pool(), Configured.with(Map.of()));
    }
}
