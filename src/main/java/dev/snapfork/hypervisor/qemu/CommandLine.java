package dev.snapfork.hypervisor.qemu;

import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineSpec.Disk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The command line of a machine. The devices and their order are part of what device state is loaded into: they follow from the
 * specification alone, whether a machine is booted or loaded.
 */
final class CommandLine {
    /** The guest agent's port, by this name in the guest. */
    static final String AGENT_PORT = "dev.snapfork.agent.0";

    static final String AGENT_SOCKET = "agent.sock";
    static final String CONSOLE_SOCKET = "console.sock";
    private static final String CONSOLE_LOG = "logs/console.log";

    private final Installed qemu;
    private final MachineSpec spec;
    private final MachineHome home;
    private final List<String> words = new ArrayList<>();

    private CommandLine(Installed qemu, MachineSpec spec, MachineHome home) {
        this.qemu = qemu;
        this.spec = spec;
        this.home = home;
    }

    /**
     * Memory as QEMU is to map it.
     *
     * @param shared whether it writes to the file
     */
    record Memory(Path file, boolean shared) {}

    static List<String> of(Installed qemu, MachineSpec spec, MachineHome home, Memory memory, boolean incoming) {
        var line = new CommandLine(qemu, spec, home);
        line.machine(memory);
        line.consoles();
        line.disks();
        line.devices();
        if (incoming) {
            line.add("-incoming", "defer");
        }
        return List.copyOf(line.words);
    }

    private void machine(Memory memory) {
        var size = spec.memoryBytes();
        add(qemu.binary(), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot");
        add("-M", qemu.machineType() + ",memory-backend=" + RamStream.BLOCK);
        add("-accel", qemu.accelerator(), "-cpu", qemu.accelerator().equals("kvm") ? "host" : "max");
        add("-smp", Integer.toString(spec.vcpus()), "-m", "size=" + size / (1 << 20) + "M");
        add(
                "-object",
                "memory-backend-file,id=" + RamStream.BLOCK + ",size=" + size + ",mem-path=" + escaped(memory.file())
                        + (memory.shared()
                                ? ",share=on"
                                : qemu.canMapReadOnly() ? ",share=off,readonly=on,rom=off" : ",share=off"));
        add("-kernel", spec.kernel().image().toString());
        var initrd = spec.kernel().initrd();
        if (initrd != null) {
            add("-initrd", initrd.toString());
        }
        add("-append", qemu.commandLine(spec.kernel().commandLine()));
    }

    private void consoles() {
        for (var i = 0; i < Qmp.SOCKETS.size(); i++) {
            add("-chardev", server("qmp" + i, Qmp.SOCKETS.get(i)));
            add("-mon", "chardev=qmp" + i + ",mode=control");
        }
        add("-chardev", server("console", CONSOLE_SOCKET) + ",logfile=" + CONSOLE_LOG + ",logappend=on");
        add("-serial", "chardev:console");
    }

    private String server(String id, String socket) {
        return "socket,id=" + id + ",path=" + escaped(home.runtime().resolve(socket)) + ",server=on,wait=off";
    }

    private void disks() {
        for (var i = 0; i < spec.disks().size(); i++) {
            var disk = spec.disks().get(i);
            add(
                    "-drive",
                    "if=none,id=disk" + i + ",file=" + escaped(Path.of(disk.file())) + ",format=" + format(disk)
                            + ",cache=writeback,discard=unmap" + (disk.readonly() ? ",readonly=on" : ""));
            add("-device", qemu.virtio("blk") + ",drive=disk" + i);
        }
    }

    private static String format(Disk disk) {
        return disk.format().name().toLowerCase(Locale.ROOT);
    }

    private void devices() {
        var mac = spec.mac();
        if (mac != null) {
            add("-netdev", "user,id=net0,restrict=on", "-device", qemu.virtio("net") + ",netdev=net0,mac=" + mac);
        }
        add("-object", "rng-random,id=rng0,filename=/dev/urandom", "-device", qemu.virtio("rng") + ",rng=rng0");
        add("-device", qemu.virtio("serial"));
        add("-chardev", server("agent", AGENT_SOCKET));
        add("-device", "virtserialport,chardev=agent,name=" + AGENT_PORT);
        if (qemu.hasGenerationId()) {
            add("-device", "vmgenid,guid=" + spec.generation());
        }
    }

    private void add(String... more) {
        words.addAll(List.of(more));
    }

    /** A comma separates options, unless it comes twice. */
    private static String escaped(Path path) {
        return path.toString().replace(",", ",,");
    }
}
