package dev.snapfork.worker;

import dev.snapfork.hypervisor.UnavailableVmm;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorConfig;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorVmm;
import dev.snapfork.hypervisor.firecracker.FirecrackerConfig;
import dev.snapfork.hypervisor.firecracker.FirecrackerVmm;
import dev.snapfork.hypervisor.http.Deadlines;
import dev.snapfork.hypervisor.qemu.QemuConfig;
import dev.snapfork.hypervisor.qemu.QemuVmm;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.machine.Admission;
import dev.snapfork.machine.DiskFormats;
import dev.snapfork.machine.Images;
import dev.snapfork.machine.Machines;
import dev.snapfork.machine.Site;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What runs machines, made once a process. */
@ApplicationScoped
class MachineTools {
    private static final Path KVM = Path.of("/dev/kvm");
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);
    private static final Duration CONVERSION_LIMIT = Duration.ofMinutes(30);

    @Produces
    @Singleton
    Images images(PayloadStore store) {
        return new Images(store.layout().images());
    }

    @Produces
    @Singleton
    DiskFormats diskFormats() {
        return new DiskFormats("qemu-img", CONVERSION_LIMIT);
    }

    @Produces
    @Singleton
    Machines machines(PayloadStore store, SnapforkConfig config) throws IOException {
        var wishes = config.machines();
        var site = Site.of(
                wishes.runtimeDir().orElseGet(MachineTools::runtime),
                store.layout().data());
        return new Machines(
                monitors(wishes),
                site,
                new Admission(site, wishes.maxMemory().bytes(), wishes.maxVcpus()),
                wishes.stopGrace());
    }

    /** The runtime directory of whoever runs the service, if the system has one. */
    private static Path runtime() {
        var run = Path.of("/run");
        return Files.isWritable(run)
                ? run.resolve("snapfork")
                : Path.of(System.getProperty("java.io.tmpdir"), "snapfork-" + System.getProperty("user.name"));
    }

    private static Map<Hypervisor, Vmm> monitors(SnapforkConfig.Machines wishes) {
        var monitors = new EnumMap<Hypervisor, Vmm>(Hypervisor.class);
        var qemu = new QemuConfig(
                wishes.qemu().binary(),
                accelerator(wishes.qemu().accelerator()),
                wishes.launchLimit(),
                COMMAND_LIMIT,
                wishes.saveLimit());
        for (var hypervisor : List.of(Hypervisor.QEMU, Hypervisor.QEMU_MICROVM)) {
            monitors.put(hypervisor, new QemuVmm(hypervisor, qemu));
        }
        var deadlines = new Deadlines(wishes.launchLimit(), COMMAND_LIMIT, wishes.saveLimit(), Duration.ofSeconds(10));
        monitors.put(
                Hypervisor.CLOUD_HYPERVISOR,
                new CloudHypervisorVmm(
                        new CloudHypervisorConfig(wishes.cloudHypervisor().binary(), KVM, false, deadlines)));
        monitors.put(
                Hypervisor.FIRECRACKER,
                new FirecrackerVmm(new FirecrackerConfig(wishes.firecracker().binary(), KVM, deadlines)));
        monitors.put(Hypervisor.VZ, UnavailableVmm.vz());
        return monitors;
    }

    private static QemuConfig.Accelerator accelerator(String wish) {
        return switch (wish) {
            case "kvm" -> QemuConfig.Accelerator.KVM;
            case "tcg" -> QemuConfig.Accelerator.TCG;
            case "auto" -> QemuConfig.Accelerator.AUTO;
            default ->
                throw new IllegalArgumentException(
                        "snapfork.machines.qemu.accelerator must be one of kvm, tcg, auto, got " + wish);
        };
    }
}
