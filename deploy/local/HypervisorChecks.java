import dev.snapfork.hypervisor.Probe;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorConfig;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorVmm;
import dev.snapfork.hypervisor.firecracker.FirecrackerConfig;
import dev.snapfork.hypervisor.firecracker.FirecrackerVmm;
import dev.snapfork.hypervisor.http.Deadlines;
import dev.snapfork.hypervisor.qemu.QemuConfig;
import dev.snapfork.hypervisor.qemu.QemuVmm;
import dev.snapfork.instance.Hypervisor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which monitors can run machines here, asked in the way the service asks. */
final class HypervisorChecks {
    private static final Path KVM = Path.of("/dev/kvm");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Settings settings;

    HypervisorChecks(Settings settings) {
        this.settings = settings;
    }

    List<Doctor.Finding> look() throws InterruptedException {
        var machines = settings.snapfork().machines();
        var deadlines = new Deadlines(LIMIT, LIMIT, LIMIT, LIMIT);
        var accelerator = QemuConfig.Accelerator.valueOf(
                machines.qemu().accelerator().toUpperCase(Locale.ROOT));
        var found = new ArrayList<Doctor.Finding>();
        Vmm qemu = new QemuVmm(
                Hypervisor.QEMU,
                new QemuConfig(machines.qemu().binary(), accelerator, machines.launchLimit(), LIMIT, LIMIT));
        found.add(tell(qemu));
        found.add(tell(new CloudHypervisorVmm(
                new CloudHypervisorConfig(machines.cloudHypervisor().binary(), KVM, false, deadlines))));
        found.add(tell(new FirecrackerVmm(new FirecrackerConfig(machines.firecracker().binary(), KVM, deadlines))));
        found.add(kvm(qemu.probe() instanceof Probe.Available available && available.accelerator().equals("kvm")));
        return found;
    }

    /** What is not there may not be wanted, so it fails nothing. */
    private static Doctor.Finding tell(Vmm monitor) throws InterruptedException {
        var name = monitor.hypervisor().text();
        return switch (monitor.probe()) {
            case Probe.Available(var version, var types, var accelerator, var architecture) ->
                Doctor.Finding.ok(
                        name,
                        version + ", " + architecture + ", " + accelerator
                                + (types.isEmpty() ? "" : ", machine type " + types.getFirst()));
            case Probe.Unavailable(var reason) ->
                Doctor.Finding.warn(name, "no machines of this kind: " + reason.replace('\n', ' '));
        };
    }

    private static Doctor.Finding kvm(boolean works) {
        if (works) {
            return Doctor.Finding.ok("KVM", "it runs a guest");
        }
        if (!Files.exists(KVM)) {
            return Doctor.Finding.warn(
                    "KVM", "there is no /dev/kvm: switch virtualisation on (nested, on a machine), or machines are slow");
        }
        return Files.isReadable(KVM) && Files.isWritable(KVM)
                ? Doctor.Finding.warn("KVM", "/dev/kvm can be opened, and no QEMU here runs a guest with it: machines are slow")
                : Doctor.Finding.warn(
                        "KVM", "/dev/kvm is not for this user: add it to the group kvm, or machines are slow");
    }
}
