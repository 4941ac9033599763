package dev.snapfork.local;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A client of a Kafka broker and a PostgreSQL server, as tests need it. Every call ends within half a minute. */
public record StackProbe(String bootstrapServers, String jdbcUrl, String username, String password) {
    private static final Duration WAIT = Duration.ofSeconds(30);

    static StackProbe of(LocalAddresses addresses) {
        return new StackProbe(
                addresses.bootstrapServers(), addresses.jdbcUrl(), addresses.username(), addresses.password());
    }

    /** Creates a topic of one partition. */
    public void createTopic(String topic) throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                    .all()
                    .get(WAIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Returns when the broker has acknowledged the record. */
    public void produce(String topic, String value) throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Object> configuration = Map.of("bootstrap.servers", bootstrapServers, "acks", "all");
        try (var producer = new KafkaProducer<>(configuration, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(WAIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Reads a topic of one partition from its beginning until {@code count} records or half a minute. */
    public List<String> consume(String topic, int count) {
        Map<String, Object> configuration =
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        Deadline deadline = Deadline.in(WAIT);
        try (var consumer = new KafkaConsumer<>(configuration, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            while (values.size() < count && deadline.nanosLeft() > 0) {
                for (ConsumerRecord<String, String> found : consumer.poll(Duration.ofMillis(500))) {
                    values.add(found.value());
                }
            }
        }
        return values;
    }

    /** Removes all rows, while others write the table too: whoever waits for whom, neither waits in a circle. */
    public void empty(String table) throws SQLException {
        sql("begin; lock table " + table + " in share row exclusive mode; delete from " + table + "; commit");
    }

    /** Runs a statement and returns the first column of what it finds. */
    public List<String> sql(String statement) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", username);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "30");
        List<String> found = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl, properties);
                Statement running = connection.createStatement()) {
            if (running.execute(statement)) {
                ResultSet rows = running.getResultSet();
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }
}
