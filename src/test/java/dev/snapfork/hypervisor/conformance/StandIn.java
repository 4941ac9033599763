package dev.snapfork.hypervisor.conformance;

import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorConfig;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorVmm;
import dev.snapfork.hypervisor.firecracker.FirecrackerConfig;
import dev.snapfork.hypervisor.firecracker.FirecrackerVmm;
import dev.snapfork.hypervisor.http.Deadlines;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The monitors that are spoken to with HTTP, each with one of its releases, and their calls in the specifications' words. */
enum StandIn {
    CLOUD_HYPERVISOR(
            Hypervisor.CLOUD_HYPERVISOR,
            "53.0.0",
            "PUT /vm.boot",
            "PUT /vm.restore",
            "PUT /vm.pause",
            "PUT /vm.snapshot",
            "state.json"),
    FIRECRACKER(
            Hypervisor.FIRECRACKER,
            "1.16.1",
            "PUT /actions",
            "PUT /snapshot/load",
            "PATCH /vm",
            "PUT /snapshot/create",
            "state");

    static final Deadlines PATIENT = new Deadlines(
            Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(20));

    private static final Duration MOMENT = Duration.ofSeconds(2);
    private static final Deadlines IMPATIENT = new Deadlines(PATIENT.start(), MOMENT, MOMENT, PATIENT.end());
    /** That is there, and can be opened as the device that they need. */
    private static final Path DEVICE = Path.of("/dev/null");

    private final Hypervisor kind;
    private final String version;
    private final String bootCall;
    private final String loadCall;
    private final String pauseCall;
    private final String saveCall;
    private final String stateFile;

    StandIn(
            Hypervisor kind,
            String version,
            String bootCall,
            String loadCall,
            String pauseCall,
            String saveCall,
            String stateFile) {
        this.kind = kind;
        this.version = version;
        this.bootCall = bootCall;
        this.loadCall = loadCall;
        this.pauseCall = pauseCall;
        this.saveCall = saveCall;
        this.stateFile = stateFile;
    }

    Hypervisor kind() {
        return kind;
    }

    String version() {
        return version;
    }

    String bootCall() {
        return bootCall;
    }

    /** By which a paused machine is made of what was saved. */
    String loadCall() {
        return loadCall;
    }

    String pauseCall() {
        return pauseCall;
    }

    String saveCall() {
        return saveCall;
    }

    /** Where the device state is saved. */
    String stateFile() {
        return stateFile;
    }

    Program install(Path directory) throws IOException {
        return Program.install(directory, kind.text(), version);
    }

    Vmm driver(Path binary) {
        return driver(binary, PATIENT);
    }

    /** One that waits for nothing for long, but for the program's start. */
    Vmm impatient(Path binary) {
        return driver(binary, IMPATIENT);
    }

    private Vmm driver(Path binary, Deadlines deadlines) {
        return switch (this) {
            case CLOUD_HYPERVISOR ->
                new CloudHypervisorVmm(new CloudHypervisorConfig(binary, DEVICE, false, deadlines));
            case FIRECRACKER -> new FirecrackerVmm(new FirecrackerConfig(binary, DEVICE, deadlines));
        };
    }
}
