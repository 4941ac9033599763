package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.OwnSchema;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records before a checkpoint are read once: what was applied is there after a crash of PostgreSQL. */
@Timeout(120)
class CrashedDatabaseTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void whatWasAppliedIsThereWhenPostgresIsKilledTheNextInstant(@TempDir Path home) throws Exception {
        try (var stack = new FragileStack(
                home.resolve("stack"), Path.of("target", "postgresql").toAbsolutePath())) {
            stack.startPostgres();
            var addresses = stack.addresses();
            var environment = SharedEnvironment.at(addresses);
            try (var schema = new OwnSchema(
                    environment,
                    "V1__read_model.sql",
                    "V4.1__health.sql",
                    "V5.1__overtaken_aggregates.sql",
                    "V6__snapshot_schedules.sql")) {
                var id = new OperationId(Cuid.random(RandomGenerator.getDefault()));
                var batch = new ReadModelBatch();
                batch.operation(
                        Operation.accepted(id, OperationKind.DELETE_SNAPSHOT, "s".repeat(24), null, NOW), null, null);
                batch.checkpoint("topic", 0, 1);

                new ReadModelWriter(schema.pool()).apply(batch).await().atMost(LIMIT);
                stack.killPostgres();
                stack.startPostgres();

                assertThat(new OperationLookup(schema.pool()).find(id).await().atMost(LIMIT))
                        .isPresent();
                assertThat(new ReadModelWriter(schema.pool())
                                .checkpoints("topic")
                                .await()
                                .atMost(LIMIT))
                        .containsEntry(0, 1L);
            }
        }
    }
}
