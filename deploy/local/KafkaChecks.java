import dev.snapfork.platform.TopicSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/** Whether Kafka answers, and has the topics as the service makes them. */
final class KafkaChecks {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Settings settings;

    KafkaChecks(Settings settings) {
        this.settings = settings;
    }

    List<Doctor.Finding> look() throws InterruptedException {
        var servers = settings.text("kafka.bootstrap.servers");
        var millis = Math.toIntExact(LIMIT.toMillis());
        var client = new HashMap<String, Object>(settings.kafka());
        client.put("client.id", "snapfork-doctor");
        client.put("request.timeout.ms", millis);
        client.put("default.api.timeout.ms", millis);
        try (var admin = Admin.create(client)) {
            var found = new ArrayList<Doctor.Finding>();
            var nodes = get(admin.describeCluster().nodes()).size();
            found.add(Doctor.Finding.ok("Kafka", servers + ": " + nodes + (nodes == 1 ? " broker" : " brokers")));
            var there = get(admin.listTopics().names());
            for (var wanted : TopicSetup.topics(settings.snapfork().topics())) {
                found.add(
                        there.contains(wanted.name())
                                ? topic(admin, wanted, nodes)
                                : Doctor.Finding.ok(
                                        wanted.name(), "not there yet: the service makes it when it starts"));
            }
            if (there.contains("snapfork.events")) {
                for (var loss : TopicSetup.losses(admin, LIMIT, settings.snapfork().topics())) {
                    found.add(Doctor.Finding.fail("ledger", "the service refuses to start: " + loss));
                }
            }
            return found;
        } catch (KafkaException e) {
            return List.of(Doctor.Finding.fail(
                    "Kafka", "correct the variables that begin with KAFKA_ (" + why(e).getMessage() + ")"));
        } catch (ExecutionException | TimeoutException e) {
            return List.of(
                    settings.ownKafka()
                            ? Doctor.Finding.fail(
                                    "Kafka",
                                    servers + " does not answer: start it, or correct KAFKA_BOOTSTRAP_SERVERS (" + why(e)
                                            + ")")
                            : Doctor.Finding.warn(
                                    "Kafka",
                                    servers + " does not answer: deploy/local/run brings one of its own. For another, set"
                                            + " KAFKA_BOOTSTRAP_SERVERS"));
        }
    }

    private static Throwable why(Exception e) {
        return e.getCause() == null ? e : e.getCause();
    }

    private static Doctor.Finding topic(Admin admin, NewTopic wanted, int nodes)
            throws InterruptedException, ExecutionException, TimeoutException {
        var name = wanted.name();
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        var config = get(admin.describeConfigs(List.of(resource)).all()).get(resource);
        var partitions =
                get(admin.describeTopics(List.of(name)).allTopicNames()).get(name).partitions();
        var wrong = new ArrayList<String>();
        for (var setting : wanted.configs().entrySet()) {
            var is = config.get(setting.getKey());
            if (is != null && !is.value().equals(setting.getValue())) {
                wrong.add(setting.getKey() + "=" + is.value() + " instead of " + setting.getValue());
            }
        }
        var copies = partitions.getFirst().replicas().size();
        var text = partitions.size() + " partitions, " + copies + (copies == 1 ? " copy" : " copies");
        if (!wrong.isEmpty()) {
            return Doctor.Finding.warn(
                    name,
                    text + ", " + String.join(", ", wrong) + ": kafka-configs --alter --topic " + name + " --add-config ...");
        }
        return copies == 1 && nodes > 1
                ? Doctor.Finding.warn(name, text + ": one broker lost is the topic lost, give it three")
                : Doctor.Finding.ok(name, text);
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
