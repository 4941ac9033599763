package dev.snapfork.platform;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics that the service makes where they are missing, without a broker to make them on. */
public final class DeclaredTopics {
    private DeclaredTopics() {}

    /** @param settings by property, {@code snapfork.topics.partitions} for instance */
    public static List<NewTopic> with(Map<String, String> settings) {
        return TopicSetup.topics(Configured.with(settings).topics());
    }
}
