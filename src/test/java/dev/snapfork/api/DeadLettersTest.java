package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.StackProbe;
import dev.snapfork.operation.Cuid;
import io.quarkus.test.junit.QuarkusTest;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class DeadLettersTest {
    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    @ParameterizedTest
    @ValueSource(strings = {"snapfork.commands", "snapfork.compressions"})
    void aRecordThatCannotBeReadGoesToTheDeadLettersAndTheNextOnesAreHandled(String topic) throws Exception {
        var environment = SharedEnvironment.get();
        var record = "garbage " + Cuid.random(RandomGenerator.getDefault());

        new StackProbe(
                        environment.bootstrapServers(),
                        environment.jdbcUrl(),
                        environment.username(),
                        environment.password())
                .produce(topic, record);

        var dead = EventLog.read(
                "snapfork.commands.dlq", entry -> record.equals(entry.data()), entry -> record.equals(entry.data()));
        assertThat(dead).hasSize(1);
        assertThat(dead.getFirst().header("dead-letter-reason")).contains("CloudEvent");
        var snapshot = snapshots.take(guests.newStandby(), "Standby");
        snapshots.compress(snapshot, "").expect(200);
    }
}
