package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.fault.Faults;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.store.Finding;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bits that flipped and files that were cut off, under every command that reads them. */
@Timeout(300)
class DamagedFilesTest {
    private static final int SEEDS = 12;

    @ParameterizedTest
    @CsvSource({
        "FORK_COMPRESSED, snapshots/snapshtsnapshtsnapshtsna/snapshot.json",
        "FORK_COMPRESSED, snapshots/snapshtsnapshtsnapshtsna/guest/snapshots/snapshot-latest/memory-ranges.zst",
        "FORK_RAW, snapshots/snapshtsnapshtsnapshtsna/snapshot.json",
        "RESTORE_COMPRESSED, snapshots/snapshtsnapshtsnapshtsna/snapshot.json",
        "RESTORE_COMPRESSED, snapshots/snapshtsnapshtsnapshtsna/guest/snapshots/snapshot-latest/memory-ranges.zst",
        "RESTORE_COMPRESSED, guests/machinemachinemachinemac/metadata.json",
        "COMPRESS, snapshots/snapshtsnapshtsnapshtsna/snapshot.json",
        "COMPRESS, snapshots/snapshtsnapshtsnapshtsna/guest/snapshots/snapshot-latest/memory-ranges",
        "COMPRESS_OTHERWISE, snapshots/snapshtsnapshtsnapshtsna/guest/snapshots/snapshot-latest/memory-ranges.zst",
        "DELETE_SNAPSHOT, snapshots/snapshtsnapshtsnapshtsna/snapshot.json",
        "CREATE_STANDBY, guests/machinemachinemachinemac/metadata.json",
        "DELETE_INSTANCE, guests/machinemachinemachinemac/metadata.json",
        "IMPORT, import/new/metadata.json",
    })
    void aCommandThatMeetsDamageSettlesAndSaysWhatIsWrong(Scenario scenario, String file) throws Exception {
        for (var seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var told = "seed " + seed;
            Disks.withFresh(data -> {
                var world = new World(data, scenario);
                var place = data.resolve(file);
                if (!place.toFile().exists()) {
                    Files.writeString(place, "{\"Id\": \"%s\", \"Vcpus\": 2}".formatted("x".repeat(24)));
                }
                damage(place, random);
                try (var worker = new TestWorker(world.shared, Faults.NONE)) {
                    worker.process(scenario.command());

                    var end = world.shared
                            .agreements()
                            .find(scenario.command().id())
                            .orElseThrow();
                    if (end.outcome().status() == OperationStatus.SUCCEEDED) {
                        world.assertMemoryOfSuccessIsKnown(scenario);
                    } else {
                        assertThat(end.outcome().error()).as(told).satisfies(error -> assertThat(error.message())
                                .isNotBlank()
                                .doesNotContain("unexpected failure")
                                .doesNotContain(data.toString()));
                    }
                    assertThat(data.resolve("staging")).as(told).isEmptyDirectory();
                    worker.reconciliation().reconcile();
                    worker.reconciliation().sweep();
                    assertThat(data.resolve("trash")).as(told).isEmptyDirectory();
                }
            });
        }
    }

    /** Flips some bits, or cuts the file off, or overwrites a stretch with zeros as a lost block would. */
    private static void damage(Path place, Random random) throws IOException {
        try (var file = new RandomAccessFile(place.toFile(), "rw")) {
            var length = file.length();
            switch (random.nextInt(3)) {
                case 0 -> {
                    for (var flips = 1 + random.nextInt(3); flips > 0; flips--) {
                        var at = random.nextLong(length);
                        file.seek(at);
                        var old = file.read();
                        file.seek(at);
                        file.write(old ^ (1 << random.nextInt(8)));
                    }
                }
                case 1 -> file.setLength(random.nextLong(length));
                default -> {
                    file.seek(random.nextLong(length));
                    file.write(new byte[(int) Math.min(4096, length - file.getFilePointer())]);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"snapshot.json", "guest/overlay.raw", "guest/snapshots/snapshot-latest/memory-ranges"})
    void oneDamagedSnapshotKeepsNoOtherFromBeingListedOrForked(String file) throws Exception {
        for (var seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            Disks.withFresh(data -> {
                var world = new World(data, Scenario.FORK_RAW);
                try (var worker = new TestWorker(world.shared, Faults.NONE)) {
                    worker.process(Scenario.CREATE_STANDBY.command());
                    damage(
                            data.resolve("snapshots")
                                    .resolve(Scenario.NEW_SNAPSHOT.value())
                                    .resolve(file),
                            random);

                    List<Finding> found = new ArrayList<>();
                    worker.store().adoption().scan(found::add);
                    worker.reconciliation().reconcile();
                    worker.process(Scenario.FORK_RAW.command());

                    assertThat(found).hasSize(3);
                    assertThat(world.ended(Scenario.FORK_RAW.command())).isEqualTo(OperationStatus.SUCCEEDED);
                }
            });
        }
    }
}
