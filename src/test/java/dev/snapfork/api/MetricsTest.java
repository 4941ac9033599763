package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators see of the service's work. */
@QuarkusTest
class MetricsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String CREATED = "snapfork_operations_total{kind=\"snapshot.create\",outcome=\"succeeded\"}";
    private static final String REFUSED = "snapfork_operations_total{kind=\"snapshot.create\",outcome=\"rejected\"}";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    private Metrics metrics() {
        return Metrics.of(api);
    }

    @Test
    void anOperationCountsOnceByItsKindAndOutcomeWithItsDuration() {
        var instance = guests.newStandby();
        snapshots.create(instance, "Standby", ",\"name\":\"counted\"").expect(201);
        var before = metrics();

        snapshots.take(instance, "Standby");
        snapshots.create(instance, "Standby", ",\"name\":\"counted\"").expect(409);

        var after = metrics();
        assertThat(after.value(CREATED) - before.value(CREATED)).isEqualTo(1);
        assertThat(after.value(REFUSED) - before.value(REFUSED)).isEqualTo(1);
        var duration = "{kind=\"snapshot.create\",outcome=\"succeeded\"}";
        assertThat(after.value("snapfork_operation_duration_seconds_count" + duration))
                .isEqualTo(after.value(CREATED));
        assertThat(after.value("snapfork_operation_duration_seconds_sum" + duration))
                .isGreaterThan(before.value("snapfork_operation_duration_seconds_sum" + duration));
    }

    @Test
    void aCompressionCountsItsBytesAndRatio() {
        var before = metrics();

        var snapshot = snapshots
                .create(guests.newStandby(), "Standby", ",\"compression\":{\"enabled\":true,\"algorithm\":\"lz4\"}")
                .expect(201)
                .id();
        snapshots.settled(snapshot);

        var after = metrics();
        var lz4 = "{algorithm=\"lz4\"}";
        var read = after.value("snapfork_compression_read_bytes_total" + lz4)
                - before.value("snapfork_compression_read_bytes_total" + lz4);
        var written = after.value("snapfork_compression_written_bytes_total" + lz4)
                - before.value("snapfork_compression_written_bytes_total" + lz4);
        assertThat(read).isGreaterThan(written);
        assertThat(written).isPositive();
        assertThat(after.value("snapfork_compression_ratio_count" + lz4)
                        - before.value("snapfork_compression_ratio_count" + lz4))
                .isEqualTo(1);
    }

    @Test
    void whoHasCaughtUpIsBehindByNothing() {
        snapshots.take(guests.newStandby(), "Standby");

        for (var gauge : List.of(
                "snapfork_projection_lag_seconds",
                "snapfork_projection_lag_records{topic=\"snapfork.events\"}",
                "snapfork_projection_lag_records{topic=\"snapfork.commands\"}",
                "snapfork_consumer_lag_records{group=\"snapfork-workers\",topic=\"snapfork.commands\"}",
                "snapfork_commands_in_work{queue=\"commands\"}",
                "snapfork_commands_waiting{queue=\"commands\"}",
                "snapfork_operations_open")) {
            Eventually.see(SOON, () -> metrics().value(gauge), value -> value == 0);
        }
        assertThat(metrics().value("snapfork_projection_delay_seconds_count")).isPositive();
    }

    @Test
    void instancesAreCountedByState() {
        guests.newStandby();

        Eventually.see(SOON, () -> metrics().value("snapfork_instances{state=\"Standby\"}"), value -> value > 0);
        assertThat(metrics().value("snapfork_instances{state=\"Running\"}")).isZero();
        assertThat(metrics().value("snapfork_data_free_bytes")).isPositive();
    }

    @Test
    void noLabelHasValuesWithoutBound() {
        var instance = guests.newStandby();
        var snapshot = snapshots.take(instance, "Standby");

        assertThat(metrics().page()).doesNotContain(instance).doesNotContain(snapshot);
    }
}
