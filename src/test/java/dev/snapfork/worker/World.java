package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.event.Event;
import dev.snapfork.event.RecordedEvents;
import dev.snapfork.fault.Faults;
import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.TreeDigest;
import dev.snapfork.memory.Job;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.store.Finding;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.MemoryFiles;
import dev.snapfork.store.Payload;
import dev.snapfork.store.PayloadFile;
import dev.snapfork.store.ScheduleManifest;
import dev.snapfork.store.SnapshotManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

/** A data directory in which a scenario's machines and snapshots are, and what must be true of it whatever happens. */
final class World {
    private static final int MIB = 1 << 20;
    private static final int MEMORY_BYTES = 3 * MIB;
    private static final String MEMORY = "snapshots/snapshot-latest/memory-ranges";

    final TestWorker.Shared shared;
    private final Path data;
    private final Truth truth;
    private final ContentDigest captured;
    private final ContentDigest imported;
    private final ContentDigest changed;

    /** Makes what is there before the scenario's command comes. */
    World(Path data, Scenario scenario) throws IOException {
        this.data = data;
        shared = TestWorker.Shared.of(data, Clock.fixed(Scenario.NOW, ZoneOffset.UTC));
        truth = new Truth(data, shared);
        var imports = Files.createDirectories(data.resolve("import"));
        captured = machine(imports.resolve(Scenario.STANDBY_DIRECTORY), 1);
        imported = machine(imports.resolve(Scenario.NEW_DIRECTORY), 2);
        Files.writeString(
                Files.createDirectories(imports.resolve(Scenario.STOPPED_DIRECTORY))
                        .resolve("overlay.raw"),
                "disk");
        try (var worker = new TestWorker(shared, Faults.NONE)) {
            for (var command : scenario.before()) {
                worker.process(command);
                assertThat(ended(command)).isEqualTo(OperationStatus.SUCCEEDED);
            }
            // the machine has gone on since it was captured
            if (Files.exists(worker.store().layout().snapshot(Scenario.SNAPSHOT))) {
                var place = worker.store().layout().guest(Scenario.MACHINE).resolve(MEMORY);
                Files.delete(place);
                changed = memory(place, 3);
            } else {
                changed = captured;
            }
        }
    }

    private static ContentDigest machine(Path directory, int seed) throws IOException {
        var latest = Files.createDirectories(directory.resolve("snapshots/snapshot-latest"));
        Files.writeString(directory.resolve("overlay.raw"), "disk " + seed);
        Files.writeString(latest.resolve("state.json"), "{}");
        return memory(directory.resolve(MEMORY), seed);
    }

    /** Two pieces of data that compress a little, with a hole between them. */
    private static ContentDigest memory(Path file, int seed) throws IOException {
        var random = new Random(seed);
        var piece = new byte[MIB / 4];
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (var offset : List.of(0, MEMORY_BYTES - piece.length)) {
                random.nextBytes(piece);
                for (var i = 0; i < piece.length; i++) {
                    piece[i] &= 0x3f;
                }
                channel.write(ByteBuffer.wrap(piece), offset);
            }
        }
        return TreeDigest.of(file);
    }

    /** The same asked for once more; a run that failed is not done again, but followed by the next. */
    Command again(Scenario scenario) throws IOException {
        var command = scenario.command().command();
        if (command instanceof Command.RunSchedule run
                && truth.store().schedules().find(run.instance())
                        instanceof Found.Present<ScheduleManifest>(var manifest)) {
            var schedule = manifest.schedule();
            assertThat(schedule.currentOperationId()).isNull();
            return new Command.RunSchedule(
                    run.schedule(), run.instance(), run.snapshot(), schedule.runs() + 1, schedule.nextRunAt(), null);
        }
        return command;
    }

    /** A command that says that it has succeeded has made memory that some machine had, whatever became of the files it read. */
    void assertMemoryOfSuccessIsKnown(Scenario scenario) throws IOException {
        var layout = truth.store().layout();
        var place =
                switch (scenario) {
                    case FORK_RAW, FORK_COMPRESSED, IMPORT -> layout.guest(Scenario.NEW_INSTANCE);
                    case RESTORE_RAW, RESTORE_COMPRESSED -> layout.guest(Scenario.MACHINE);
                    case CREATE_STANDBY, CREATE_COMPRESSED -> layout.payload(Scenario.NEW_SNAPSHOT);
                    case COMPRESS, COMPRESS_ANEW, COMPRESS_OTHERWISE -> layout.payload(Scenario.SNAPSHOT);
                    default -> null;
                };
        if (place != null) {
            var memory = MemoryFiles.find(place).orElseThrow();
            assertThat(decoded(place.resolve(memory.path()), memory.encoding())).isIn(captured, imported, changed);
        }
    }

    OperationStatus ended(CommandEnvelope command) {
        return shared.agreements().find(command.id()).orElseThrow().outcome().status();
    }

    /** Processes every command that is in the log, as often as it is there. */
    void followUps(TestWorker worker) {
        for (var i = 0; i < shared.commands().all().size(); i++) {
            worker.process(shared.commands().all().get(i));
        }
    }

    /** What holds at every instant, also when a worker has just died: whatever is visible is whole and what it says it is. */
    void assertWhatIsVisibleIsWhole() throws IOException {
        for (var finding : truth.findings()) {
            switch (finding) {
                case Finding.AnInstance(var manifest, var ours) -> assertWhole(manifest);
                case Finding.ASnapshot(var manifest, var ours) -> assertWhole(manifest);
                case Finding.Unreadable(var place, var problem) -> throw new AssertionError(place + " " + problem);
            }
        }
    }

    private void assertWhole(InstanceManifest manifest) throws IOException {
        var id = manifest.instance().id();
        var directory = truth.store().layout().guest(id);
        assertThat(directory.resolve("overlay.raw")).exists();
        assertThat(MemoryFiles.hasMachineState(directory))
                .isEqualTo(manifest.instance().hasSnapshot());
        if (manifest.instance().hasSnapshot()) {
            var digest = TreeDigest.of(directory.resolve(MEMORY));
            if (id.equals(Scenario.MACHINE)) {
                var restored = manifest.version() > 1;
                assertThat(digest).isEqualTo(restored ? captured : changed);
            } else {
                assertThat(digest).isIn(captured, imported);
            }
        }
    }

    private void assertWhole(SnapshotManifest manifest) throws IOException {
        var payload = truth.store().layout().payload(manifest.snapshot().id());
        for (var file : manifest.files()) {
            var digest = TreeDigest.of(payload.resolve(file.path()));
            assertThat(manifest.accepts(file.path(), digest)).as(file.path()).isTrue();
        }
        var memory = manifest.memory();
        if (memory != null) {
            assertThat(decoded(payload.resolve(memory.path()), memory.encoding()))
                    .isEqualTo(captured);
        }
    }

    private ContentDigest decoded(Path memory, Encoding encoding) throws IOException {
        if (encoding == Encoding.RAW) {
            return TreeDigest.of(memory);
        }
        // elsewhere: the disk may be full
        var directory = Files.createTempDirectory("snapfork-decoded-");
        var target = directory.resolve("memory");
        try {
            return TestWorker.CODEC
                    .decode(memory, target, Job.standard().withoutSync())
                    .rawDigest();
        } finally {
            Files.deleteIfExists(target);
            Files.delete(directory);
        }
    }

    /** What holds once the command has settled and the worker has put things in order. */
    void assertSettled(OperationId operation) throws IOException {
        assertWhatIsVisibleIsWhole();
        assertOneEnd(operation);
        assertNothingHalfMadeIsLeft();
        truth.assertEventsTellIt();
        assertThat(shared.agreements().owners()).isEqualTo(truth.named());
    }

    private void assertOneEnd(OperationId operation) {
        var ends = new HashSet<String>();
        for (var event : shared.events().all()) {
            if (event instanceof Event.OperationSettled && event.aggregateId().equals(operation.value())) {
                ends.add(RecordedEvents.wire(event));
            }
        }
        var recorded = shared.agreements().find(operation).orElseThrow();
        assertThat(ends).containsExactly(RecordedEvents.wire(recorded));
    }

    private void assertNothingHalfMadeIsLeft() throws IOException {
        assertThat(data.resolve("staging")).isEmptyDirectory();
        assertThat(data.resolve("trash")).isEmptyDirectory();
        for (var finding : truth.findings()) {
            if (finding instanceof Finding.ASnapshot(var manifest, var ours)) {
                var payload = truth.store().layout().payload(manifest.snapshot().id());
                assertThat(Payload.list(payload))
                        .extracting(PayloadFile::path)
                        .containsExactlyInAnyOrderElementsOf(
                                manifest.files().stream().map(PayloadFile::path).toList());
                assertThat(manifest.snapshot().compressionState()).isNotEqualTo(CompressionState.COMPRESSING);
            }
        }
        try (var files = Files.walk(data)) {
            assertThat(files.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    /** As the worker does when it starts and now and then. */
    void putInOrder(TestWorker worker) {
        try {
            worker.reconciliation().reconcile();
            worker.reconciliation().sweep();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
