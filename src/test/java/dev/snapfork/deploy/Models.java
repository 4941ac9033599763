package dev.snapfork.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.List;
import java.util.Map;

/** What a resource may say, by its kind: the classes of Kubernetes' and Strimzi's clients, and records where there are none. */
final class Models {
    private static final Map<String, Class<? extends HasMetadata>> KUBERNETES = Map.ofEntries(
            Map.entry("Namespace", Namespace.class),
            Map.entry("ServiceAccount", ServiceAccount.class),
            Map.entry("ConfigMap", ConfigMap.class),
            Map.entry("Secret", Secret.class),
            Map.entry("Service", Service.class),
            Map.entry("PersistentVolume", PersistentVolume.class),
            Map.entry("PersistentVolumeClaim", PersistentVolumeClaim.class),
            Map.entry("StorageClass", StorageClass.class),
            Map.entry("Deployment", Deployment.class),
            Map.entry("DaemonSet", DaemonSet.class),
            Map.entry("HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("NetworkPolicy", NetworkPolicy.class));

    /** With the versions that the operators serve. */
    private static final Map<String, Class<?>> OTHERS = Map.of(
            "kafka.strimzi.io/v1 Kafka", Kafka.class,
            "kafka.strimzi.io/v1 KafkaNodePool", KafkaNodePool.class,
            "kafka.strimzi.io/v1 KafkaTopic", KafkaTopic.class,
            "kafka.strimzi.io/v1 KafkaUser", KafkaUser.class,
            "keda.sh/v1alpha1 ScaledObject", ScaledObject.class,
            "postgresql.cnpg.io/v1 Cluster", PostgresCluster.class);

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .annotationIntrospector(new NothingBeyond())
            .build();

    private Models() {}

    /** The classes take what they do not know and put it aside; here that is an error. */
    private static final class NothingBeyond extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    /**
     * Reads a resource.
     *
     * @throws IllegalArgumentException if its kind and version are none that are known, or it says what these do not have
     */
    static Object read(JsonNode resource) {
        var version = resource.get("apiVersion").asText();
        var kind = resource.get("kind").asText();
        var kubernetes = KUBERNETES.get(kind);
        Class<?> model;
        if (kubernetes != null && HasMetadata.getApiVersion(kubernetes).equals(version)) {
            model = kubernetes;
        } else {
            model = OTHERS.get(version + " " + kind);
        }
        if (model == null) {
            throw new IllegalArgumentException("no such kind: " + version + " " + kind);
        }
        try {
            return STRICT.treeToValue(resource, model);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(kind + " " + Kustomize.name(resource) + ": " + e.getMessage(), e);
        }
    }

    /** KEDA's. */
    record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, ScaledSpec spec) {
        record ScaledSpec(
                CrossVersionObjectReference scaleTargetRef,
                int minReplicaCount,
                int maxReplicaCount,
                int pollingInterval,
                int cooldownPeriod,
                Fallback fallback,
                List<Trigger> triggers) {}

        record Fallback(int failureThreshold, int replicas, String behavior) {}

        record Trigger(String type, KafkaLag metadata) {}

        record KafkaLag(
                String bootstrapServers,
                String consumerGroup,
                String topic,
                String lagThreshold,
                String offsetResetPolicy) {}
    }

    /** CloudNativePG's. */
    record PostgresCluster(String apiVersion, String kind, ObjectMeta metadata, ClusterSpec spec) {
        record ClusterSpec(
                int instances,
                String imageName,
                Bootstrap bootstrap,
                Postgresql postgresql,
                Storage storage,
                ResourceRequirements resources) {}

        record Bootstrap(Initdb initdb) {}

        record Initdb(String database, String owner, SecretName secret) {}

        record SecretName(String name) {}

        record Postgresql(Synchronous synchronous, Map<String, String> parameters) {}

        record Synchronous(String method, int number, String dataDurability) {}

        record Storage(String size) {}
    }
}
