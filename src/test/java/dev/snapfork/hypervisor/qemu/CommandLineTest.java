package dev.snapfork.hypervisor.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineSpec.Disk;
import dev.snapfork.instance.Hypervisor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    private static final Path KERNEL = Path.of("/images/a,b/kernel");
    private static final MachineHome HOME = new MachineHome(Path.of("/data/g"), Path.of("/run/a,b"), "label");
    private static final CommandLine.Memory OWN = new CommandLine.Memory(Path.of("/data/g,h/memory"), true);
    private static final CommandLine.Memory OTHERS = new CommandLine.Memory(Path.of("/data/g,h/memory"), false);
    private static final List<Disk> DISKS = List.of(
            Given.ROOT, new Disk("over,lay.qcow2", Disk.Format.QCOW2, false), new Disk("c", Disk.Format.RAW, true));

    private static List<String> line(Installed qemu, CommandLine.Memory memory) {
        return CommandLine.of(qemu, Given.spec(KERNEL, null, DISKS, Given.MAC), HOME, memory, false);
    }

    private static List<String> line(Hypervisor hypervisor) {
        return line(Given.installed(hypervisor, "7.2.22", "kvm"), OWN);
    }

    /** What follows the option, each time that it is there. */
    private static List<String> after(List<String> line, String option) {
        return java.util.stream.IntStream.range(0, line.size() - 1)
                .filter(i -> line.get(i).equals(option))
                .mapToObj(i -> line.get(i + 1))
                .toList();
    }

    @Test
    void theLineOfAMachineOfTheUsualKind() {
        var line = line(Hypervisor.QEMU);

        assertThat(line).startsWith("/usr/bin/qemu").contains("-nodefaults", "-no-user-config", "-no-reboot");
        assertThat(after(line, "-M")).containsExactly("pc-q35-7.2,memory-backend=mem");
        assertThat(after(line, "-accel")).containsExactly("kvm");
        assertThat(after(line, "-cpu")).containsExactly("host");
        assertThat(after(line, "-smp")).containsExactly("2");
        assertThat(after(line, "-m")).containsExactly("size=4M");
        assertThat(after(line, "-append")).containsExactly("console=ttyS0");
        assertThat(after(line, "-device"))
                .containsExactly(
                        "virtio-blk-pci,drive=disk0",
                        "virtio-blk-pci,drive=disk1",
                        "virtio-blk-pci,drive=disk2",
                        "virtio-net-pci,netdev=net0,mac=" + Given.MAC,
                        "virtio-rng-pci,rng=rng0",
                        "virtio-serial-pci",
                        "virtserialport,chardev=agent,name=dev.snapfork.agent.0",
                        "vmgenid,guid=" + Given.GENERATION);
        assertThat(line).doesNotContain("-incoming", "-initrd");
    }

    @Test
    void aMicrovmHasNoBusAndNoGenerationId() {
        var line = line(Hypervisor.QEMU_MICROVM);

        assertThat(after(line, "-M")).containsExactly("microvm,memory-backend=mem");
        assertThat(after(line, "-device"))
                .containsExactly(
                        "virtio-blk-device,drive=disk0",
                        "virtio-blk-device,drive=disk1",
                        "virtio-blk-device,drive=disk2",
                        "virtio-net-device,netdev=net0,mac=" + Given.MAC,
                        "virtio-rng-device,rng=rng0",
                        "virtio-serial-device",
                        "virtserialport,chardev=agent,name=dev.snapfork.agent.0");
    }

    @Test
    void aMicrovmWithoutKvmIsToldItsClocksRateOnce() {
        var microvm = Given.installed(Hypervisor.QEMU_MICROVM, "7.2.22", "tcg");

        assertThat(after(line(microvm, OWN), "-append")).containsExactly("console=ttyS0 tsc_early_khz=2400000");
        assertThat(after(line(microvm, OWN), "-cpu")).containsExactly("max");
        assertThat(microvm.commandLine("tsc_early_khz=1 quiet")).isEqualTo("tsc_early_khz=1 quiet");
        assertThat(microvm.commandLine("")).isEqualTo("tsc_early_khz=2400000");
        assertThat(Given.installed(Hypervisor.QEMU, "7.2.22", "tcg").commandLine("quiet"))
                .isEqualTo("quiet");
    }

    @Test
    void aCommaInAPathSeparatesNothing() {
        var line = line(Hypervisor.QEMU);

        assertThat(after(line, "-object"))
                .contains("memory-backend-file,id=mem,size=4194304,mem-path=/data/g,,h/memory,share=on");
        assertThat(after(line, "-drive"))
                .containsExactly(
                        "if=none,id=disk0,file=rootfs.raw,format=raw,cache=writeback,discard=unmap",
                        "if=none,id=disk1,file=over,,lay.qcow2,format=qcow2,cache=writeback,discard=unmap",
                        "if=none,id=disk2,file=c,format=raw,cache=writeback,discard=unmap,readonly=on");
        assertThat(after(line, "-chardev"))
                .contains("socket,id=agent,path=/run/a,,b/agent.sock,server=on,wait=off")
                .hasSize(4);
        // no list of options: a comma is a character like others
        assertThat(after(line, "-kernel")).containsExactly("/images/a,b/kernel");
    }

    @ParameterizedTest
    @CsvSource({
        "5.2.0,     false",
        "7.2.22,    false",
        "8.1.99,    false",
        "8.2.0,     true",
        "8.2,       true",
        "9,         true",
        "10.0.3,    true",
        "10.1.0-rc1, true",
    })
    void othersMemoryIsOpenedForReadingOnlyWhereQemuCan(String version, boolean readOnly) {
        var line = line(Given.installed(Hypervisor.QEMU, version, "kvm"), OTHERS);

        assertThat(after(line, "-object"))
                .contains("memory-backend-file,id=mem,size=4194304,mem-path=/data/g,,h/memory,share=off"
                        + (readOnly ? ",readonly=on,rom=off" : ""));
    }

    @Test
    void whatIsLoadedDiffersByThatAlone() {
        var qemu = Given.installed(Hypervisor.QEMU, "7.2.22", "kvm");
        var spec = Given.spec(KERNEL, Path.of("/images/initrd"), List.of(), null);
        var booted = CommandLine.of(qemu, spec, HOME, OWN, false);
        var loaded = CommandLine.of(qemu, spec, HOME, OWN, true);

        assertThat(loaded).startsWith(booted.toArray(String[]::new)).endsWith("-incoming", "defer");
        assertThat(loaded).hasSize(booted.size() + 2);
        assertThat(after(booted, "-initrd")).containsExactly("/images/initrd");
        assertThat(booted).doesNotContain("-netdev", "-drive");
    }
}
