package dev.snapfork.bench;

import dev.snapfork.log.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Utils;

/** The workers as Kafka deals out compressions to them. */
final class CompressorGroup implements AutoCloseable {
    static final int PARTITIONS = 12;

    private static final String GROUP = "snapfork-compressors";
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration CALL = Duration.ofSeconds(10);

    private final Admin admin;

    CompressorGroup(String bootstrapServers) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** The partition of a key, as producers find it. */
    static int partition(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }

    /** Waits until so many workers have equally many partitions each. */
    void awaitMembers(int workers) throws InterruptedException, ExecutionException, TimeoutException {
        var end = System.nanoTime() + LIMIT.toNanos();
        for (var shares = shares(); !isEven(shares, workers); shares = shares()) {
            if (System.nanoTime() - end >= 0) {
                throw new TimeoutException("the partitions of " + workers + " workers are " + shares);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static boolean isEven(List<Long> shares, int workers) {
        return shares.size() == workers && shares.stream().allMatch(share -> share == PARTITIONS / workers);
    }

    private List<Long> shares() throws InterruptedException, ExecutionException, TimeoutException {
        return admin
                .describeConsumerGroups(List.of(GROUP))
                .all()
                .get(CALL.toSeconds(), TimeUnit.SECONDS)
                .values()
                .stream()
                .flatMap(group -> group.members().stream())
                .map(member -> member.assignment().topicPartitions().stream()
                        .filter(partition -> partition.topic().equals(Topics.COMPRESSIONS))
                        .count())
                .toList();
    }

    @Override
    public void close() {
        admin.close(CALL);
    }
}
