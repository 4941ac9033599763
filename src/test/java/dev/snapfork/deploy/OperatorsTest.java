package dev.snapfork.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.deploy.Models.PostgresCluster;
import dev.snapfork.deploy.Models.ScaledObject;
import dev.snapfork.log.Topics;
import dev.snapfork.platform.DeclaredTopics;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclOperation;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;

/** What is handed to operators: Strimzi, CloudNativePG and KEDA. */
class OperatorsTest {
    private static final Manifests STRIMZI = Manifests.in(Documents.K8S.resolve("examples/strimzi"));
    private static final Manifests POSTGRES = Manifests.in(Documents.K8S.resolve("examples/cloudnativepg"));
    private static final Manifests BASE = Manifests.in(Documents.K8S.resolve("base"));
    private static final Manifests KEDA = Manifests.in(Documents.K8S.resolve("overlays/keda"));

    /** The file is the declaration in another language: after a change there, put in what this expects. */
    @Test
    void topicsAreThoseThatTheServiceDeclares() {
        var expected = new StringBuilder("""
                # The topics of Snapfork, as it would make them itself where they are missing.
                """);
        var declared = new TreeMap<String, NewTopic>();
        DeclaredTopics.with(settings()).forEach(it -> declared.put(it.name(), it));
        declared.values().forEach(it -> expected.append(resource(it)));

        var text = Documents.text(Documents.K8S.resolve("examples/strimzi/topics.yaml"));

        assertThat(text).isEqualTo(expected.toString());
    }

    private static Map<String, String> settings() {
        var map = BASE.of(ConfigMap.class).getFirst().getData();
        return Map.of(
                "snapfork.topics.partitions", String.valueOf(map.get("SNAPFORK_TOPICS_PARTITIONS")),
                "snapfork.topics.replication", String.valueOf(map.get("SNAPFORK_TOPICS_REPLICATION")));
    }

    private static String resource(NewTopic topic) {
        var text = new StringBuilder("""
                ---
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaTopic
                metadata:
                  name: %s
                  labels:
                    strimzi.io/cluster: snapfork
                spec:
                  partitions: %d
                  replicas: %d
                  config:
                """.formatted(topic.name(), topic.numPartitions(), topic.replicationFactor()));
        new TreeMap<>(topic.configs()).forEach((name, value) -> text.append("    ")
                .append(name)
                .append(": ")
                .append(value)
                .append('\n'));
        return text.toString();
    }

    @Test
    void topicsAreReadAsWhatTheyAre() {
        assertThat(STRIMZI.of(KafkaTopic.class)).hasSize(6).allSatisfy(it -> assertThat(
                        it.getMetadata().getLabels())
                .containsEntry(
                        "strimzi.io/cluster",
                        STRIMZI.of(Kafka.class).getFirst().getMetadata().getName()));
    }

    @Test
    void theBrokersAreOfTheVersionThatTheServiceIsTestedWith() {
        var kafka = STRIMZI.of(Kafka.class).getFirst().getSpec().getKafka();

        assertThat(kafka.getVersion()).isEqualTo(AppInfoParser.getVersion());
        assertThat(Compose.read().services())
                .hasEntrySatisfying("kafka", it -> assertThat(it.image()).endsWith(":" + AppInfoParser.getVersion()));
    }

    @Test
    void aRecordOutlivesABroker() {
        var config = STRIMZI.of(Kafka.class).getFirst().getSpec().getKafka().getConfig();

        assertThat(config)
                .containsEntry("min.insync.replicas", 2)
                .containsEntry("unclean.leader.election.enable", false);
        assertThat(STRIMZI.of(KafkaTopic.class))
                .allSatisfy(it -> assertThat(it.getSpec().getReplicas()).isGreaterThan(2));
    }

    @Test
    void addressesAreThoseThatTheOperatorsGive() {
        var data = BASE.of(ConfigMap.class).getFirst().getData();
        var kafka = STRIMZI.of(Kafka.class).getFirst();
        var postgres = POSTGRES.of(PostgresCluster.class).getFirst();
        var bootstrap = kafka.getMetadata().getName() + "-kafka-bootstrap."
                + kafka.getMetadata().getNamespace() + ".svc:"
                + kafka.getSpec().getKafka().getListeners().getFirst().getPort();
        var database =
                postgres.metadata().getName() + "-rw." + postgres.metadata().getNamespace() + ".svc:5432/"
                        + postgres.spec().bootstrap().initdb().database();

        assertThat(data)
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", bootstrap)
                .containsEntry("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://" + database)
                .containsEntry("QUARKUS_DATASOURCE_REACTIVE_URL", "vertx-reactive:postgresql://" + database);
        assertThat(KEDA.of(ScaledObject.class).getFirst().spec().triggers())
                .allSatisfy(it -> assertThat(it.metadata().bootstrapServers()).isEqualTo(bootstrap));
    }

    @Test
    void otherTeamsComeWithANameAndMayReadTheEventsAlone() {
        var listeners = STRIMZI.of(Kafka.class).getFirst().getSpec().getKafka().getListeners();
        var user = STRIMZI.of(KafkaUser.class).getFirst();

        assertThat(listeners)
                .filteredOn(it -> it.getAuth() != null)
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.isTls()).isTrue();
                    assertThat(it.getAuth().getType())
                            .isEqualTo(user.getSpec().getAuthentication().getType());
                    assertThat(it.getNetworkPolicyPeers()).hasSize(1);
                });
        var rules = ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization()).getAcls();
        assertThat(rules)
                .extracting(AclRule::getResource)
                .filteredOn(AclRuleTopicResource.class::isInstance)
                .extracting(it -> ((AclRuleTopicResource) it).getName())
                .containsExactlyInAnyOrder(Topics.EVENTS, Topics.PROGRESS);
        assertThat(rules).hasSize(3).allSatisfy(it -> assertThat(it.getOperations())
                .containsExactly(AclOperation.DESCRIBE, AclOperation.READ));
    }

    @Test
    void commitsOutliveADatabaseServer() {
        var spec = POSTGRES.of(PostgresCluster.class).getFirst().spec();

        assertThat(spec.instances()).isGreaterThan(2);
        assertThat(spec.postgresql().synchronous().dataDurability()).isEqualTo("required");
        assertThat(spec.bootstrap().initdb().secret().name()).isEqualTo("snapfork-postgres");
        assertThat(spec.imageName()).matches(".+:18\\.1[\\w.-]*");
    }

    @Test
    void workersAreScaledByTheLagOfTheirGroups() {
        var spec = KEDA.of(ScaledObject.class).getFirst().spec();

        assertThat(spec.triggers()).allSatisfy(it -> assertThat(it.type()).isEqualTo("kafka"));
        for (var channel : new String[] {"commands", "compressions"}) {
            var incoming = "mp.messaging.incoming." + channel;
            assertThat(spec.triggers())
                    .filteredOn(it -> it.metadata().topic().equals(Declared.property(incoming + ".topic")))
                    .singleElement()
                    .satisfies(it -> {
                        assertThat(it.metadata().consumerGroup()).isEqualTo(Declared.property(incoming + ".group.id"));
                        assertThat(it.metadata().offsetResetPolicy())
                                .isEqualTo(Declared.property(incoming + ".auto.offset.reset"));
                        assertThat(Integer.parseInt(it.metadata().lagThreshold()))
                                .isBetween(1, Declared.settings().worker().maxInFlight());
                    });
        }
    }

    @Test
    void kedaAloneSaysHowManyWorkersThereAre() {
        var spec = KEDA.of(ScaledObject.class).getFirst().spec();
        var worker = KEDA.of(Deployment.class).stream()
                .filter(it ->
                        it.getMetadata().getName().equals(spec.scaleTargetRef().getName()))
                .findFirst()
                .orElseThrow();
        var partitions = KEDA.of(ConfigMap.class).getFirst().getData().get("SNAPFORK_TOPICS_PARTITIONS");

        assertThat(worker.getSpec().getReplicas()).isNull();
        assertThat(spec.maxReplicaCount()).isEqualTo(Integer.valueOf(String.valueOf(partitions)));
    }
}
