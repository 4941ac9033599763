package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.TreeDigest;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.PayloadFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One machine of real QEMU that is booted for all cases; all others are its forks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
abstract class RealMachines {
    private final InstanceId source = MachineLab.newInstance();
    private final SnapshotId snapshot = MachineLab.newSnapshot();
    private MachineLab lab;
    private String token = "";

    @SuppressWarnings("NullAway.Init") // made before all tests
    RealMachines() {}

    @BeforeAll
    void boot(@TempDir Path data) throws Exception {
        lab = MachineLab.on(data);
        ok(new Command.CreateInstance(source, "source", MachineLab.example(hypervisor(), "128MB")));
        lab.console(source, MachineLab.BOOT).close();
        token = lab.ask(source, "token");
        lab.ask(source, "dwrite before");
        ok(snapshot(snapshot, source));
    }

    /** What the machine that is booted runs on. */
    abstract Hypervisor hypervisor();

    @AfterAll
    void end() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    static Command snapshot(SnapshotId id, InstanceId of) {
        return new Command.CreateSnapshot(id, of, SnapshotKind.STANDBY, null, Map.of(), null);
    }

    final Operation ok(Command command) {
        var end = lab.does(command);
        assertThat(end.status()).as("%s", end).isEqualTo(OperationStatus.SUCCEEDED);
        return end;
    }

    static IdentityReset identity(Operation operation) {
        return Objects.requireNonNull(operation.identity());
    }

    static Refusal error(Operation operation) {
        return Objects.requireNonNull(operation.error(), "it has not been refused");
    }

    final MemoryFile memory(SnapshotId id) throws IOException {
        return Objects.requireNonNull(lab.snapshot(id).memory());
    }

    final InstanceId fork(SnapshotId of) {
        return fork(of, null);
    }

    final InstanceId fork(SnapshotId of, @Nullable TargetState target) {
        var id = MachineLab.newInstance();
        ok(new Command.ForkSnapshot(of, id, name(id), target, null));
        return id;
    }

    static String name(InstanceId id) {
        return "fork-" + id.value().substring(0, 12);
    }

    final void delete(InstanceId... ids) {
        for (var id : ids) {
            ok(new Command.DeleteInstance(id));
        }
    }

    final long counter(InstanceId id) throws Exception {
        return Long.parseLong(lab.ask(id, "counter"));
    }

    final void assertGoesOn(InstanceId id) throws Exception {
        var before = counter(id);
        try (var console = lab.console(id, MachineLab.SOON)) {
            assertThat(console.count(MachineLab.SOON)).isGreaterThanOrEqualTo(before);
        }
        assertThat(lab.ask(id, "token")).isEqualTo(token);
    }

    final Map<String, ContentDigest> filesOf(SnapshotId id) throws IOException {
        var payload = lab.store().snapshots().payload(id);
        var digests = new TreeMap<String, ContentDigest>();
        for (var file : lab.snapshot(id).files().stream().map(PayloadFile::path).toList()) {
            digests.put(file, TreeDigest.of(payload.resolve(file)));
        }
        return digests;
    }

    final MachineLab lab() {
        return lab;
    }

    /** The machine that is booted. */
    final InstanceId source() {
        return source;
    }

    /** Of that machine, when it ran. */
    final SnapshotId captured() {
        return snapshot;
    }

    /** What its guest's programs keep in memory, so that none that was booted anew has it. */
    final String token() {
        return token;
    }
}
