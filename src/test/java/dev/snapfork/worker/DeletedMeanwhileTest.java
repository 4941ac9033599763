package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.PayloadStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forks of a snapshot that goes away while they are made. */
class DeletedMeanwhileTest {
    private static final SnapshotId SNAPSHOT = new SnapshotId("s".repeat(24));
    private static final OperationId OPERATION = new OperationId("o".repeat(24));
    private static final String MEMORY = "snapshots/snapshot-latest/memory-ranges";

    private final MemoryCodec codec = new MemoryCodec(1);
    private Path data = Path.of("");

    @BeforeEach
    void snapshot(@TempDir Path directory) throws IOException {
        data = directory.resolve("data");
        var guest = directory.resolve("data/snapshots/" + SNAPSHOT + "/guest");
        Files.createDirectories(guest.resolve("snapshots/snapshot-latest"));
        Files.write(guest.resolve(MEMORY), new byte[4096]);
        Files.writeString(guest.resolveSibling("snapshot.json"), """
                {"snapshot": {"id": "%s", "name": "nightly", "kind": "Standby", "source_instance_id": "tz4a98xxat96iws9zmbrgj3a",
                  "source_instance_name": "golden", "SourceHypervisor": "qemu", "created_at": "2026-08-02T03:00:00Z",
                  "size_bytes": 4096, "compression_state": "none"},
                 "stored_metadata": {"Id": "tz4a98xxat96iws9zmbrgj3a", "Name": "golden"}}
                """.formatted(SNAPSHOT));
    }

    @AfterEach
    void close() {
        codec.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"STAGING_MADE", "SPACE_RESERVED"})
    void aForkOfASnapshotThatIsDeletedBeforeItIsReadIsRefusedAsOfOneThatIsNotThere(Step when) throws Exception {
        var store = PayloadStore.open(data, Duration.ofSeconds(20));
        Faults delete = step -> {
            var snapshot = store.layout().snapshot(SNAPSHOT);
            if (step == when && Files.exists(snapshot)) {
                Files.move(snapshot, data.resolve("trash").resolve("deleted"));
            }
        };

        assertThatThrownBy(() -> materialize(store, delete))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo(RefusalCode.NOT_FOUND));
    }

    @Test
    void aSnapshotWhosePayloadIsGoneIsDamaged() throws Exception {
        var store = PayloadStore.open(data, Duration.ofSeconds(20));
        Files.move(store.layout().payload(SNAPSHOT), data.resolve("elsewhere"));

        assertThatThrownBy(() -> materialize(store, Faults.NONE))
                .isInstanceOfSatisfying(DamagedException.class, e -> assertThat(e.problem())
                        .isEqualTo("the payload directory guest is missing"));
    }

    private void materialize(PayloadStore store, Faults faults) throws IOException, InterruptedException {
        var config = TestWorker.config(Map.of("snapfork.worker.keep-free", "0"));
        try (var cache = MemoryCache.open(store.layout().memoryCache(), 0, Duration.ofMinutes(1), e -> {})) {
            var room = new Room(store, cache, faults, config);
            new Materializer(store, codec, cache, room, faults, config)
                    .materialize(SNAPSHOT, TargetState.STANDBY, Works.fork(store, OPERATION, SNAPSHOT));
        }
    }
}
