package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.SnapshotKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The address that is on record is the one that the guest has. */
class AddressesTest {
    @Test
    void aForkKeepsItsAddressThroughStandby(@TempDir Path data) throws Exception {
        try (var lab = MachineLab.on(data)) {
            var source = MachineLab.newInstance();
            ok(lab, new Command.CreateInstance(source, "source", MachineLab.example(Hypervisor.QEMU, "256MB")));
            lab.console(source, MachineLab.BOOT).close();
            var snapshot = MachineLab.newSnapshot();
            ok(lab, new Command.CreateSnapshot(snapshot, source, SnapshotKind.STANDBY, null, Map.of(), null));
            var fork = MachineLab.newInstance();
            ok(lab, new Command.ForkSnapshot(snapshot, fork, "fork", null, null));
            var address = onRecord(lab, fork);
            assertThat(lab.ask(fork, "mac")).isEqualTo(address).isNotEqualTo(onRecord(lab, source));

            ok(lab, new Command.StandbyInstance(fork, null, null));
            ok(lab, new Command.RestoreInstance(fork));

            assertThat(onRecord(lab, fork)).isEqualTo(address);
            assertThat(lab.ask(fork, "mac")).isEqualTo(address);
        }
    }

    private static String onRecord(MachineLab lab, InstanceId id) throws Exception {
        return Objects.requireNonNull(
                Objects.requireNonNull(lab.instance(id).network()).mac());
    }

    private static void ok(MachineLab lab, Command command) {
        var end = lab.does(command);
        assertThat(end.status()).as("%s", end).isEqualTo(OperationStatus.SUCCEEDED);
    }
}
