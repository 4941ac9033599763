package dev.snapfork.local;

/**
 * How to reach the local stack.
 *
 * @param bootstrapServers Kafka, as {@code host:port}
 * @param jdbcUrl PostgreSQL for JDBC
 * @param reactiveUrl PostgreSQL for the reactive client
 */
public record LocalAddresses(
        String bootstrapServers, String jdbcUrl, String reactiveUrl, String username, String password) {

    static LocalAddresses of(int kafkaPort, int postgresPort, String password) {
        String database = "postgresql://" + Ports.HOST + ":" + postgresPort + "/" + EmbeddedPostgres.NAME;
        return new LocalAddresses(
                Ports.HOST + ":" + kafkaPort, "jdbc:" + database, database, EmbeddedPostgres.NAME, password);
    }
}
