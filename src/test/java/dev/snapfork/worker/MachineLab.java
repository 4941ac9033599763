package dev.snapfork.worker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.event.Event;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.guest.Console;
import dev.snapfork.guest.ExampleGuest;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.qemu.QemuConfig;
import dev.snapfork.hypervisor.qemu.QemuVmm;
import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.RequestedMachine;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.MemoryFiles;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A worker on a host with QEMU, an image, and the guests' consoles. Machines are ended when it is closed. */
final class MachineLab implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(20);
    static final Duration BOOT = Duration.ofSeconds(90);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, String> SETTINGS = Map.of("snapfork.worker.fork-cache", "1GB");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TestWorker.Shared shared;
    private TestWorker worker;

    private MachineLab(TestWorker.Shared shared) throws IOException {
        this.shared = shared;
        this.worker = worker();
    }

    static MachineLab on(Path data) throws IOException {
        var guest = ExampleGuest.require();
        ExampleGuest.requireTool("qemu-system-x86_64", "qemu-system-x86");
        var image = Files.createDirectories(data.resolve("images/example"));
        Files.createSymbolicLink(image.resolve("kernel"), guest.kernel());
        Files.createSymbolicLink(image.resolve("initrd"), guest.initrd());
        Files.createSymbolicLink(image.resolve("rootfs.raw"), guest.rootfs());
        Files.writeString(image.resolve("cmdline"), guest.commandLine());
        return new MachineLab(TestWorker.Shared.with(data, Clock.systemUTC(), monitors()));
    }

    private static Map<Hypervisor, Vmm> monitors() {
        var config =
                new QemuConfig("qemu-system-x86_64", QemuConfig.Accelerator.TCG, LIMIT, Duration.ofSeconds(10), LIMIT);
        return Map.of(
                Hypervisor.QEMU, new QemuVmm(Hypervisor.QEMU, config),
                Hypervisor.QEMU_MICROVM, new QemuVmm(Hypervisor.QEMU_MICROVM, config));
    }

    private TestWorker worker() throws IOException {
        return new TestWorker(shared, Faults.NONE, SETTINGS);
    }

    /**
     * A process of the service that dies at a step, as by SIGKILL.
     *
     * @param dies whether it is to die there
     * @return whether it came so far
     */
    boolean diesDoing(CommandEnvelope envelope, Predicate<Step> dies) throws IOException {
        var dead = new AtomicBoolean();
        var mortal = new EnumMap<Hypervisor, Vmm>(Hypervisor.class);
        shared.monitors().forEach((hypervisor, vmm) -> mortal.put(hypervisor, new MortalVmm(vmm, dead)));
        var one = new TestWorker.Shared(
                shared.data(), shared.events(), shared.commands(), shared.agreements(), shared.clock(), mortal);
        Faults faults = step -> {
            if (dead.get() || dies.test(step)) {
                dead.set(true);
                throw new Killed();
            }
        };
        try (var doomed = new TestWorker(one, faults, SETTINGS)) {
            doomed.process(envelope);
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    /** Somebody wants the command stopped that a worker has begun. */
    void cancel(CommandEnvelope envelope) {
        assertThat(shared.agreements().cancellations().ask(envelope.accepted()))
                .as("nobody has begun it")
                .isFalse();
    }

    /** Has a command done on a host where that step fails, however often it is tried. */
    Operation failsDoing(CommandEnvelope envelope, Step broken) throws IOException {
        Faults faults = step -> {
            if (step == broken) {
                throw new IOException("told to fail at " + step);
            }
        };
        try (var unlucky = new TestWorker(shared, faults, SETTINGS)) {
            return does(unlucky, envelope);
        }
    }

    /** The steps that a command takes, which is done by that. */
    List<Step> stepsOf(CommandEnvelope envelope) throws IOException {
        var noted = Steps.noted();
        try (var watched = new TestWorker(shared, noted, SETTINGS)) {
            watched.process(envelope);
        }
        return noted.passed();
    }

    static CommandEnvelope envelope(Command command) {
        return new CommandEnvelope(operation(), now(), command);
    }

    /** As {@link #does(Command)}, of a command that came before perhaps. */
    Operation does(CommandEnvelope envelope) {
        return does(worker, envelope);
    }

    /** How many processes there are of machines of the instance. */
    long processes(InstanceId id) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() > 1 && isOf(process.pid(), id))
                .count();
    }

    private static boolean isOf(long pid, InstanceId id) {
        try {
            var environment = Files.readString(Path.of("/proc", Long.toString(pid), "environ"), ISO_8859_1);
            return environment.contains("SNAPFORK_MACHINE=") && environment.contains("/" + id + "/");
        } catch (IOException e) {
            return false;
        }
    }

    /** Another process of the service, which knows nothing but what is on the disk. */
    void restart() throws IOException {
        worker.close();
        worker = worker();
    }

    PayloadStore store() {
        return worker.store();
    }

    /** Ends the machine's process from outside. */
    void kill(InstanceId id) throws Exception {
        var process = ProcessHandle.of(machine(id).pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
    }

    /** What a worker does at its start. */
    void reconcile() throws IOException {
        worker.reconciliation().reconcile();
    }

    /** Does the commands that others have led to. */
    void doFollowUps() {
        for (var envelope : shared.commands().all()) {
            worker.process(envelope);
        }
    }

    boolean hasCompressedStandby(InstanceId id) {
        return MemoryFiles.find(store().layout().guest(id)).orElseThrow().encoding() == MemoryFile.Encoding.ZSTD;
    }

    MachineWatch watch() {
        return worker.watch();
    }

    static OperationId operation() {
        return new OperationId(Cuid.random(RANDOM));
    }

    static InstanceId newInstance() {
        return new InstanceId(Cuid.random(RANDOM));
    }

    static SnapshotId newSnapshot() {
        return new SnapshotId(Cuid.random(RANDOM));
    }

    /** Has a command done, and returns its operation as it ended. */
    Operation does(Command command) {
        return does(worker, envelope(command));
    }

    Operation does(TestWorker by, CommandEnvelope envelope) {
        by.process(envelope);
        return Objects.requireNonNull(ends().get(envelope.id()), "it has not ended");
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private Map<OperationId, Operation> ends() {
        return shared.events().all().stream()
                .filter(Event.OperationSettled.class::isInstance)
                .map(Event.OperationSettled.class::cast)
                .collect(Collectors.toMap(
                        end -> end.outcome().id(), Event.OperationSettled::outcome, (first, again) -> again));
    }

    /** A machine with the example image. */
    static RequestedMachine example(Hypervisor hypervisor, String size) {
        return new RequestedMachine(
                hypervisor, "example", 1, ByteSize.parse(size), null, true, Map.of(), Map.of(), null, Map.of());
    }

    InstanceManifest manifest(InstanceId id) throws IOException {
        if (store().instances().find(id) instanceof Found.Present<InstanceManifest>(var manifest)) {
            return manifest;
        }
        throw new AssertionError("no instance " + id);
    }

    Instance instance(InstanceId id) throws IOException {
        return manifest(id).instance();
    }

    SnapshotManifest snapshot(SnapshotId id) throws IOException {
        if (store().snapshots().find(id) instanceof Found.Present<SnapshotManifest>(var manifest)) {
            return manifest;
        }
        throw new AssertionError("no snapshot " + id);
    }

    RunningMachine machine(InstanceId id) throws IOException {
        return MachineRecords.required(manifest(id));
    }

    Console console(InstanceId id, Duration limit) throws IOException, InterruptedException {
        return Console.connect(machine(id).home().runtime().resolve("console.sock"), limit);
    }

    /** What the guest says to a line typed on its console. */
    String ask(InstanceId id, String line) throws IOException, InterruptedException {
        try (var console = console(id, SOON)) {
            return console.ask(line, SOON);
        }
    }

    @Override
    public void close() throws IOException {
        try (var directories = Files.newDirectoryStream(store().layout().guests())) {
            for (var directory : directories) {
                var id = new InstanceId(directory.getFileName().toString());
                if (store().instances().find(id) instanceof Found.Present<InstanceManifest>(var found)
                        && found.machine() != null) {
                    ProcessHandle.of(MachineRecords.required(found).pid()).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
        worker.close();
    }
}
