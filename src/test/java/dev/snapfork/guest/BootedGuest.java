package dev.snapfork.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.local.Children;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An example guest in QEMU without KVM, started by hand: nothing here is the service's. Ends with the JVM, however that ends. */
final class BootedGuest implements AutoCloseable {
    static final String MAC = "52:54:00:00:00:01";
    static final Duration BOOT_LIMIT = Duration.ofSeconds(60);
    static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String QEMU = "qemu-system-x86_64";

    private final Path directory;
    private final Process process;

    private BootedGuest(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    static void requireQemu() {
        ExampleGuest.requireTool(QEMU, "qemu-system-x86");
    }

    /** Starts it from nothing; see {@link #console}. */
    static BootedGuest boot(ExampleGuest guest, String machine, Path directory) throws IOException {
        return start(guest, machine, directory, List.of());
    }

    /** Starts it from what {@link #save} left, with the disk as it is then. */
    static BootedGuest fork(ExampleGuest guest, String machine, Path saved, Path directory) throws IOException {
        Files.copy(saved.resolve("disk.raw"), directory.resolve("disk.raw"));
        return start(guest, machine, directory, List.of("-incoming", "exec:cat " + saved.resolve("state")));
    }

    private static BootedGuest start(ExampleGuest guest, String machine, Path directory, List<String> more)
            throws IOException {
        var disk = directory.resolve("disk.raw");
        if (!Files.exists(disk)) {
            Files.copy(guest.rootfs(), disk);
        }
        var bus = machine.startsWith("microvm") ? "device" : "pci";
        var commandLine = guest.commandLine() + (machine.startsWith("microvm") ? " tsc_early_khz=" + tscKhz() : "");
        var command = new ArrayList<String>();
        command.addAll(List.of(QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"));
        command.addAll(List.of("-M", machine, "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "128"));
        command.addAll(List.of(
                "-kernel", guest.kernel().toString(), "-initrd", guest.initrd().toString()));
        command.addAll(List.of("-append", commandLine));
        command.addAll(List.of("-chardev", socket("serial"), "-serial", "chardev:serial"));
        command.addAll(List.of("-chardev", socket("qmp"), "-mon", "chardev=qmp,mode=control"));
        command.addAll(List.of("-device", "virtio-serial-" + bus, "-chardev", socket("agent")));
        command.addAll(List.of("-device", "virtserialport,chardev=agent,name=dev.snapfork.agent.0"));
        command.addAll(List.of("-drive", "if=none,id=disk,file=disk.raw,format=raw"));
        command.addAll(List.of("-device", "virtio-blk-" + bus + ",drive=disk", "-netdev", "user,id=net,restrict=on"));
        command.addAll(List.of("-device", "virtio-net-" + bus + ",netdev=net,mac=" + MAC));
        command.addAll(more);
        var process = Children.start(new ProcessBuilder(Children.tied("KILL", List.of(), command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.log").toFile())
                .redirectInput(new File("/dev/null")));
        return new BootedGuest(directory, process);
    }

    private static String socket(String id) {
        return "socket,id=" + id + ",path=" + id + ".sock,server=on,wait=off,logappend=on,logfile=" + id + ".log";
    }

    /** What the guest cannot measure on a busy host without hanging. */
    private static long tscKhz() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("cpu MHz"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .mapToLong(megahertz -> Math.round(Double.parseDouble(megahertz) * 1000))
                    .findFirst()
                    .orElse(1_000_000);
        }
    }

    Console console() throws IOException, InterruptedException {
        return Console.connect(directory.resolve("serial.sock"), BOOT_LIMIT);
    }

    Path agentSocket() {
        return directory.resolve("agent.sock");
    }

    /** Stops the machine for good, its state in {@code state} and its disk in {@code disk.raw} of its directory. */
    void save() throws IOException, InterruptedException {
        qmp("stop");
        qmp("migrate", "{\"uri\":\"exec:cat > state\"}");
        var deadline = Deadline.in(LIMIT);
        while (!qmp("query-migrate").contains("\"status\": \"completed\"")) {
            assertThat(deadline.passed()).as("saved in time").isFalse();
        }
    }

    /** Lets it go on. */
    void resume() throws IOException, InterruptedException {
        var deadline = Deadline.in(LIMIT);
        while (qmp("query-status").contains("inmigrate")) {
            assertThat(deadline.passed()).as("loaded in time").isFalse();
        }
        qmp("cont");
    }

    void powerButton() throws IOException, InterruptedException {
        qmp("system_powerdown");
    }

    private String qmp(String command) throws IOException, InterruptedException {
        return qmp(command, "{}");
    }

    private String qmp(String command, String arguments) throws IOException, InterruptedException {
        var deadline = Deadline.in(LIMIT);
        try (var lines = qmpLines(deadline)) {
            lines.readLine(deadline);
            lines.write("{\"execute\":\"qmp_capabilities\"}\n", deadline);
            lines.readLine(deadline);
            lines.write("{\"execute\":\"" + command + "\",\"arguments\":" + arguments + "}\n", deadline);
            while (true) {
                var answer = lines.readLine(deadline);
                if (!answer.contains("\"event\"")) {
                    assertThat(answer).doesNotContain("\"error\"");
                    return answer;
                }
            }
        }
    }

    private LineChannel qmpLines(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            try {
                return LineChannel.connect(directory.resolve("qmp.sock"));
            } catch (IOException e) {
                if (deadline.passed()) {
                    throw e;
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Whether the monitor has ended by itself, which it does when the guest has shut down. */
    boolean ended(Duration wait) throws IOException {
        return Children.exited(process, wait);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Children.exited(process, LIMIT);
    }
}
