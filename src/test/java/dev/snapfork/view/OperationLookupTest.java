package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.OwnSchema;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** In tables of its own, so that the operations of other tests do not count. */
class OperationLookupTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static Operation accepted() {
        var id = new OperationId(Cuid.random(RandomGenerator.getDefault()));
        return Operation.accepted(id, OperationKind.DELETE_SNAPSHOT, "s".repeat(24), null, NOW);
    }

    private static <T> T come(Uni<T> result) {
        return result.await().atMost(LIMIT);
    }

    @Test
    void whatHasNotEndedIsCountedAsFarAsAskedAndWhatIsThereIsTold() throws IOException {
        try (var schema = new OwnSchema("V1__read_model.sql", "V6__snapshot_schedules.sql")) {
            var operations = new OperationLookup(schema.pool());
            var known = accepted();
            var unknown = accepted();
            var batch = new ReadModelBatch();
            batch.operation(known, null, null);
            batch.operation(accepted(), null, null);
            batch.operation(accepted(), null, null);
            batch.operation(accepted().withdrawn(NOW, new Refusal(RefusalCode.CANCELLED, "c")), null, null);
            come(new ReadModelWriter(schema.pool()).apply(batch));

            assertThat(come(operations.open(10, known.id()))).isEqualTo(new OperationLookup.Count(3, true));
            assertThat(come(operations.open(10, unknown.id()))).isEqualTo(new OperationLookup.Count(3, false));
            assertThat(come(operations.open(2, null))).isEqualTo(new OperationLookup.Count(2, false));
            assertThat(come(operations.find(known.id())))
                    .hasValueSatisfying(found -> assertThat(found.operation()).isEqualTo(known));
            assertThat(come(operations.find(unknown.id()))).isEmpty();
        }
    }
}
