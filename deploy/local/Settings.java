import dev.snapfork.platform.SnapforkConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** What the service would be configured with here: its own defaults, and the environment on top. */
final class Settings {
    private static final int BEFORE_THE_USUAL_ONE = 200;
    private static final int DEFAULTS = 100;
    private static final int LOCAL = 120;

    private final SmallRyeConfig config;
    private final SnapforkConfig snapfork;
    private final boolean ownKafka = System.getenv("KAFKA_BOOTSTRAP_SERVERS") != null;
    private final boolean ownPostgres = System.getenv("QUARKUS_DATASOURCE_JDBC_URL") != null;

    Settings() {
        config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(defaults(), "service", DEFAULTS))
                .withSources(new PropertiesConfigSource(local(), "local", LOCAL))
                .addSystemSources()
                .withMapping(SnapforkConfig.class)
                .withValidateUnknown(false)
                .withConverter(Duration.class, BEFORE_THE_USUAL_ONE, new DurationConverter())
                .build();
        snapfork = config.getConfigMapping(SnapforkConfig.class);
    }

    private static Map<String, String> defaults() {
        var properties = new Properties();
        try (InputStream file = SnapforkConfig.class.getResourceAsStream("/application.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var all = new HashMap<String, String>();
        properties.forEach((name, value) -> all.put((String) name, (String) value));
        return all;
    }

    /** Where deploy/local/run has its own. */
    private static Map<String, String> local() {
        var all = new HashMap<String, String>();
        all.put("kafka.bootstrap.servers", "127.0.0.1:" + port("SNAPFORK_KAFKA_PORT", "4974"));
        all.put(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://127.0.0.1:" + port("SNAPFORK_POSTGRES_PORT", "4975") + "/snapfork");
        var password = Path.of(System.getenv("SNAPFORK_DATA_DIR"), "postgres", "password");
        try {
            if (Files.isReadable(password)) {
                all.put("quarkus.datasource.password", Files.readString(password).strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static String port(String variable, String otherwise) {
        var value = System.getenv(variable);
        return value == null ? otherwise : value;
    }

    SnapforkConfig snapfork() {
        return snapfork;
    }

    /** What every client of Kafka's is told: where it is, and how to be let in. */
    Map<String, Object> kafka() {
        var all = new HashMap<String, Object>();
        for (var variable : System.getenv().keySet()) {
            if (variable.startsWith("KAFKA_")) {
                var name = variable.substring("KAFKA_".length()).toLowerCase(Locale.ROOT).replace('_', '.');
                all.put(name, text("kafka." + name));
            }
        }
        all.put("bootstrap.servers", text("kafka.bootstrap.servers"));
        return all;
    }

    String text(String name) {
        return config.getValue(name, String.class);
    }

    /** Whether somebody named a Kafka; else it is that of deploy/local/run, which is there only while that runs. */
    boolean ownKafka() {
        return ownKafka;
    }

    /** As {@link #ownKafka}. */
    boolean ownPostgres() {
        return ownPostgres;
    }
}
