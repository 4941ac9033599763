import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Whether PostgreSQL answers, has connections enough, and keeps what it says that it keeps. */
final class PostgresChecks {
    private static final int TRIED_FROM = 14;
    private static final Duration CLOCKS_MAY_DIFFER_BY = Duration.ofSeconds(2);

    private final Settings settings;

    PostgresChecks(Settings settings) {
        this.settings = settings;
    }

    List<Doctor.Finding> look() {
        var url = settings.text("quarkus.datasource.jdbc.url");
        var login = new Properties();
        login.setProperty("user", settings.text("quarkus.datasource.username"));
        login.setProperty("password", settings.text("quarkus.datasource.password"));
        login.setProperty("connectTimeout", "5");
        login.setProperty("socketTimeout", "10");
        try (var connection = DriverManager.getConnection(url, login)) {
            return List.of(
                    version(connection, url),
                    connections(connection),
                    durable(connection),
                    clock(connection),
                    schema(connection));
        } catch (SQLException e) {
            return List.of(
                    settings.ownPostgres()
                            ? Doctor.Finding.fail(
                                    "PostgreSQL",
                                    url + " does not let us in: start it, or correct QUARKUS_DATASOURCE_JDBC_URL,"
                                            + " _USERNAME and _PASSWORD (" + line(e) + ")")
                            : Doctor.Finding.warn(
                                    "PostgreSQL",
                                    url + " does not answer: deploy/local/run brings one of its own. For another, set"
                                            + " QUARKUS_DATASOURCE_JDBC_URL"));
        }
    }

    private static String line(SQLException e) {
        return String.valueOf(e.getMessage()).replace('\n', ' ');
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Doctor.Finding version(Connection connection, String url) throws SQLException {
        var version = ask(connection, "show server_version");
        var text = url + ": " + version;
        return connection.getMetaData().getDatabaseMajorVersion() < TRIED_FROM
                ? Doctor.Finding.warn("PostgreSQL", text + " is older than any that was tried: use " + TRIED_FROM + " or later")
                : Doctor.Finding.ok("PostgreSQL", text);
    }

    private Doctor.Finding connections(Connection connection) throws SQLException {
        var pool = Integer.parseInt(settings.text("quarkus.datasource.reactive.max-size"))
                + Integer.parseInt(settings.text("quarkus.datasource.jdbc.max-size"))
                // the one that hears notices
                + 1;
        var there = Integer.parseInt(ask(
                connection,
                "select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"));
        var text = "%d for %d that a process may take: enough for %d processes".formatted(there, pool, there / pool);
        if (there < pool) {
            return Doctor.Finding.fail(
                    "connections", text + ": raise max_connections, or lower QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE");
        }
        return there < 2 * pool
                ? Doctor.Finding.warn("connections", text + ": raise max_connections for more")
                : Doctor.Finding.ok("connections", text);
    }

    private static Doctor.Finding durable(Connection connection) throws SQLException {
        var off = new ArrayList<String>();
        for (var setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            if (ask(connection, "show " + setting).equals("off")) {
                off.add(setting);
            }
        }
        return off.isEmpty()
                ? Doctor.Finding.ok("durability", "fsync, full_page_writes and synchronous_commit are on")
                : Doctor.Finding.fail(
                        "durability",
                        String.join(", ", off) + " off: a crash takes back how commands ended; set to on in postgresql.conf");
    }

    private static Doctor.Finding clock(Connection connection) throws SQLException {
        var before = Instant.now();
        var there = Instant.ofEpochMilli(
                Long.parseLong(ask(connection, "select (extract(epoch from clock_timestamp()) * 1000)::bigint")));
        var apart = Duration.between(before, there).abs();
        var text = apart.toMillis() + " ms apart from this host's";
        return apart.compareTo(CLOCKS_MAY_DIFFER_BY) > 0
                ? Doctor.Finding.warn("PostgreSQL's clock", text + ": synchronise both, schedules and retention go by them")
                : Doctor.Finding.ok("PostgreSQL's clock", text);
    }

    private static Doctor.Finding schema(Connection connection) throws SQLException {
        if (ask(connection, "select to_regclass('flyway_schema_history') is not null").equals("t")) {
            return Doctor.Finding.ok("schema", "there, version "
                    + ask(connection, "select max(version::numeric) from flyway_schema_history where success"));
        }
        var tables = ask(connection, "select count(*) from pg_tables where schemaname = current_schema()");
        return tables.equals("0")
                ? Doctor.Finding.ok("schema", "empty: the service makes its tables when it starts")
                : Doctor.Finding.fail("schema", tables + " tables of somebody else's: give the service a database of its own");
    }
}
