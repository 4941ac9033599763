package dev.snapfork.rest;

import dev.snapfork.environment.OwnSchema;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** In a table of its own, in which the tests may forget what they like. */
class PostgresIdempotencyKeysTest extends IdempotencyKeysContract {
    private @Nullable OwnSchema schema;

    @BeforeEach
    void makeTheTable() throws IOException {
        schema = new OwnSchema("V3__idempotency_keys.sql", "V3.2__answers_without_commands.sql");
    }

    @AfterEach
    void dropTheTable() {
        if (schema != null) {
            schema.close();
        }
    }

    @Override
    IdempotencyKeys keys() {
        if (schema == null) {
            throw new IllegalStateException("there is no table");
        }
        return new PostgresIdempotencyKeys(schema.pool());
    }
}
