package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.OwnSchema;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import io.vertx.mutiny.sqlclient.Row;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The topics are read side by side: what two of them say of one row may come in any order. */
class ReadModelWriterTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant ACCEPTED = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant DIED = ACCEPTED.plusSeconds(60);

    private final OperationId id = new OperationId(Cuid.random(RandomGenerator.getDefault()));
    private final Operation accepted =
            Operation.accepted(id, OperationKind.DELETE_SNAPSHOT, "s".repeat(24), null, ACCEPTED);
    private final Operation died = Operation.accepted(id, OperationKind.UNKNOWN, null, null, DIED)
            .settled(OperationStatus.FAILED, DIED, DIED, null, new Refusal(RefusalCode.INTERNAL_ERROR, "unreadable"));

    @Test
    void anEndToldByOneWhoCouldNotReadTheCommandGivesTheSameRowInEveryOrder() throws IOException {
        var row = written(List.of(accepted), List.of(died));

        assertThat(row.getString("kind")).isEqualTo("snapshot.delete");
        assertThat(row.getString("status")).isEqualTo("failed");
        assertThat(row.getOffsetDateTime("created_at").toInstant()).isEqualTo(ACCEPTED);
        assertThat(row.getJsonObject("body").getString("created_at")).isEqualTo(ACCEPTED.toString());
        assertThat(written(List.of(died), List.of(accepted)).deepToString()).isEqualTo(row.deepToString());
        assertThat(written(List.of(died, accepted)).deepToString()).isEqualTo(row.deepToString());
        assertThat(written(List.of(accepted, died)).deepToString()).isEqualTo(row.deepToString());
        // and a rebuild, which tells everything once more
        assertThat(written(List.of(died), List.of(accepted), List.of(died), List.of(accepted))
                        .deepToString())
                .isEqualTo(row.deepToString());
    }

    @SafeVarargs
    private Row written(List<Operation>... batches) throws IOException {
        try (var schema = new OwnSchema("V1__read_model.sql", "V6__snapshot_schedules.sql")) {
            var writer = new ReadModelWriter(schema.pool());
            for (var told : batches) {
                var batch = new ReadModelBatch();
                told.forEach(operation -> batch.operation(operation, null, null));
                writer.apply(batch).await().atMost(LIMIT);
            }
            var rows = schema.pool()
                    .query("select kind, status, snapshot_id, instance_id, created_at, body from operation_view")
                    .execute()
                    .await()
                    .atMost(LIMIT);
            assertThat(rows.size()).isOne();
            return rows.iterator().next();
        }
    }
}
