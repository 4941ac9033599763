package dev.snapfork.environment;

import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Containers of Kafka and PostgreSQL. The system properties {@code environment.kafka-image} and
 * {@code environment.postgres-image} name other images than the official ones.
 */
final class ContainerEnvironment implements Environment {
    private static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.1.1");
    private static final DockerImageName POSTGRES = DockerImageName.parse("postgres:18");

    private static final int KAFKA_PORT = 9092;

    private final KafkaContainer kafka;
    private final PostgreSQLContainer postgres;

    private ContainerEnvironment(KafkaContainer kafka, PostgreSQLContainer postgres) {
        this.kafka = kafka;
        this.postgres = postgres;
    }

    /** Starts both side by side. Nothing runs on after a failure. */
    static ContainerEnvironment start() {
        KafkaContainer kafka = new KafkaContainer(image("environment.kafka-image", KAFKA))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        // without the fsync=off of Testcontainers: deploy/local/doctor takes such a database for a fault, rightly
        PostgreSQLContainer postgres =
                new PostgreSQLContainer(image("environment.postgres-image", POSTGRES)).withCommand("postgres");
        keepToThisMachine(kafka, KAFKA_PORT);
        keepToThisMachine(postgres, PostgreSQLContainer.POSTGRESQL_PORT);
        ContainerEnvironment environment = new ContainerEnvironment(kafka, postgres);
        try {
            Startables.deepStart(kafka, postgres).join();
            return environment;
        } catch (RuntimeException e) {
            environment.close();
            throw e;
        }
    }

    private static DockerImageName image(String property, DockerImageName official) {
        return DockerImageName.parse(System.getProperty(property, official.asCanonicalNameString()))
                .asCompatibleSubstituteFor(official.getUnversionedPart());
    }

    /** Published ports are open to the network, which has no business here. Only an engine elsewhere needs them to be. */
    private static void keepToThisMachine(GenericContainer<?> container, int port) {
        if (DockerClientFactory.instance().dockerHostIpAddress().equals("localhost")) {
            container.setPortBindings(List.of("127.0.0.1::" + port));
        }
    }

    @Override
    public String bootstrapServers() {
        return kafka.getBootstrapServers();
    }

    @Override
    public String jdbcUrl() {
        return postgres.getJdbcUrl();
    }

    @Override
    public String reactiveUrl() {
        return "postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT)
                + "/" + postgres.getDatabaseName();
    }

    @Override
    public String username() {
        return postgres.getUsername();
    }

    @Override
    public String password() {
        return postgres.getPassword();
    }

    @Override
    public void close() {
        kafka.stop();
        postgres.stop();
    }
}
