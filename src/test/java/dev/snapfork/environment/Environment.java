package dev.snapfork.environment;

import java.io.IOException;

/** A Kafka broker and a PostgreSQL server for tests, with an empty database at first. */
public interface Environment extends AutoCloseable {
    /** Kafka, as {@code host:port}. */
    String bootstrapServers();

    /** PostgreSQL for JDBC. */
    String jdbcUrl();

    /** PostgreSQL for the reactive client. */
    String reactiveUrl();

    /** The database user. */
    String username();

    /** The database user's password. */
    String password();

    /** Stops both and removes their data. */
    @Override
    void close() throws IOException;
}
