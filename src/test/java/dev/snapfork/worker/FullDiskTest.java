package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.fault.Faults;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.RefusalCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real disks that are full, or fill up on the way: small ones, for which the test needs root. */
@Timeout(300)
class FullDiskTest {
    private static final int KIB = 1 << 10;
    private static final Map<String, String> IMPATIENT = Map.of("snapfork.worker.retry-limit", "PT0.02S");
    private Path disk = Path.of("");

    @BeforeEach
    void choose(@TempDir Path directory) throws IOException {
        disk = Files.createDirectory(directory.resolve("disk"));
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        run("umount", "-l", disk.toString());
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    /** What is left on the disk when the command comes: nothing at all, room for some manifests, and more and more. */
    private static List<Long> leftFree() {
        return LongStream.concat(
                        LongStream.of(0, 4, 8, 12, 20, 36),
                        LongStream.rangeClosed(1, 14).map(i -> 100 * i))
                .map(kibibytes -> kibibytes * KIB)
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void aCommandOnADiskThatIsFullIsDoneOrRefusedOrFailsCleanly(Scenario scenario) throws Exception {
        for (var free : leftFree()) {
            assumeTrue(
                    run("mount", "-t", "tmpfs", "-o", "size=16m", "snapfork-test", disk.toString()),
                    "needs root to mount a tmpfs");
            var world = new World(Files.createDirectory(disk.resolve("data")), scenario);
            fill(free);
            try (var worker = new TestWorker(world.shared, Faults.NONE, IMPATIENT)) {
                worker.process(scenario.command());
                world.followUps(worker);
            }
            assertThat(world.shared.agreements().find(scenario.command().id())).hasValueSatisfying(end -> {
                if (end.outcome().status() != OperationStatus.SUCCEEDED) {
                    assertThat(end.outcome().error()).as("%d bytes free", free).satisfies(error -> {
                        assertThat(error.code()).isEqualTo(RefusalCode.INSUFFICIENT_RESOURCES);
                        assertThat(error.message()).containsAnyOf("free some", "delete snapshots");
                    });
                }
            });
            world.assertWhatIsVisibleIsWhole();

            Files.delete(disk.resolve("filler"));
            try (var worker = new TestWorker(world.shared, Faults.NONE)) {
                world.putInOrder(worker);
                world.assertSettled(scenario.command().id());
                if (world.ended(scenario.command()) != OperationStatus.SUCCEEDED) {
                    var again = new CommandEnvelope(
                            new OperationId("a".repeat(24)), scenario.command().issuedAt(), world.again(scenario));
                    worker.process(again);
                    world.followUps(worker);
                    assertThat(world.ended(again)).isEqualTo(OperationStatus.SUCCEEDED);
                    world.assertSettled(again.id());
                }
            }
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void onADiskThatIsFullToTheLastBlockOneCanStillDelete() throws Exception {
        var image = disk.resolveSibling("image");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(24L << 20);
        }
        assumeTrue(
                run("mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", image.toString())
                        && run("mount", "-o", "loop", image.toString(), disk.toString()),
                "needs root, mkfs.ext4 and a loop device");
        var world = new World(Files.createDirectory(disk.resolve("data")), Scenario.DELETE_SNAPSHOT);
        try (var worker = new TestWorker(world.shared, Faults.NONE)) {
            worker.store().trash().reserve().keep();
            fill(0);

            worker.process(Scenario.DELETE_SNAPSHOT.command());

            assertThat(world.ended(Scenario.DELETE_SNAPSHOT.command())).isEqualTo(OperationStatus.SUCCEEDED);
            world.assertSettled(Scenario.DELETE_SNAPSHOT.command().id());
            assertThat(Files.getFileStore(disk).getUsableSpace()).isPositive();
        }
    }

    private void fill(long leave) throws IOException {
        try (var filler = new RandomAccessFile(disk.resolve("filler").toFile(), "rw")) {
            for (var chunk = 1 << 18; chunk >= KIB; chunk /= 2) {
                var bytes = new byte[chunk];
                try {
                    while (Files.getFileStore(disk).getUsableSpace() >= leave + chunk) {
                        filler.write(bytes);
                    }
                } catch (IOException full) {
                    // smaller pieces may fit still
                }
            }
            filler.getFD().sync();
        }
    }
}
