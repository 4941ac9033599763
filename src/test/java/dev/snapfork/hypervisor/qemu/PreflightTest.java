package dev.snapfork.hypervisor.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.Launch.Reason;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec.Disk;
import dev.snapfork.hypervisor.MemorySource;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreflightTest {
    private static final Installed QEMU = Given.installed(Hypervisor.QEMU, "7.2.22", "kvm");
    private static final int STATE_BYTES = 8192;

    private final Preflight preflight = new Preflight();
    private Path directory = Path.of("");
    private Path kernel = Path.of("");

    @BeforeEach
    void files(@TempDir Path fresh) throws IOException {
        directory = fresh;
        kernel = Files.writeString(fresh.resolve("kernel"), "kernel");
        Files.writeString(fresh.resolve("rootfs.raw"), "disk");
        Files.write(
                fresh.resolve("state"),
                ByteBuffer.allocate(STATE_BYTES).putInt(RamStream.MAGIC).array());
        size("memory", Given.MEMORY);
    }

    private void size(String file, long bytes) throws IOException {
        try (var memory = new RandomAccessFile(directory.resolve(file).toFile(), "rw")) {
            memory.setLength(bytes);
        }
    }

    private MachineHome home(String runtime) {
        return new MachineHome(directory, Path.of(runtime), "label");
    }

    private Optional<Launch> boot(String runtime, @Nullable Path initrd) {
        return preflight.boot(Given.spec(kernel, initrd, List.of(Given.ROOT), Given.MAC), home(runtime));
    }

    private Optional<Launch> load(MachineProfile profile) {
        return preflight.load(
                new SavedMachine(directory, profile, new MemorySource.Own(directory.resolve("memory"))),
                Given.spec(kernel, null, List.of(Given.ROOT), Given.MAC),
                QEMU);
    }

    private static void assertRefused(Optional<Launch> launch, Reason reason, String message) {
        assertThat(launch).hasValueSatisfying(found -> {
            assertThat(found).isInstanceOf(Launch.Refused.class);
            var refused = (Launch.Refused) found;
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.message()).contains(message);
        });
    }

    @Test
    void aMachineThatHasWhatItNeedsIsStarted() throws IOException {
        assertThat(boot("/run/m", null)).isEmpty();
        assertThat(boot("/run/m", Files.writeString(directory.resolve("initrd"), "initrd")))
                .isEmpty();
        assertThat(load(Given.profile())).isEmpty();
    }

    @Test
    void aSocketsPathHasAtMostAHundredAndSevenBytes() {
        // and then a slash and the longest socket's name
        var longest = 107 - "/qmp-spare.sock".length();

        assertThat(boot("/" + "r".repeat(longest - 1), null)).isEmpty();
        assertRefused(boot("/" + "r".repeat(longest), null), Reason.INVALID, "snapfork.machines.runtime-dir");
        // two bytes each
        assertRefused(boot("/" + "\u00fc".repeat(longest - 1), null), Reason.INVALID, "107 bytes");
    }

    @Test
    void whatIsBootedHasToBeThere() throws IOException {
        assertRefused(boot("/run/m", directory.resolve("nowhere")), Reason.INVALID, "initrd cannot be read");

        Files.delete(directory.resolve("rootfs.raw"));
        assertRefused(boot("/run/m", null), Reason.DAMAGED, "the disk rootfs.raw is missing");

        Files.delete(kernel);
        assertRefused(boot("/run/m", null), Reason.INVALID, "kernel cannot be read");
    }

    private static MachineProfile profile(
            String version, String type, String accelerator, String architecture, int vcpus, long memory) {
        return new MachineProfile(
                Hypervisor.QEMU,
                version,
                type,
                accelerator,
                architecture,
                vcpus,
                memory,
                List.of(Given.ROOT),
                Given.MAC);
    }

    private static MachineProfile profile(List<Disk> disks, @Nullable String mac) {
        return new MachineProfile(
                Hypervisor.QEMU, "7.2.22", "pc-q35-7.2", "kvm", "x86_64", 2, Given.MEMORY, disks, mac);
    }

    static Stream<Arguments> incompatible() {
        var type = "pc-q35-7.2";
        return Stream.of(
                Arguments.of(profile("7.2.22", "", "kvm", "x86_64", 2, Given.MEMORY), "not saved by Snapfork"),
                Arguments.of(profile("7.2.21", type, "kvm", "x86_64", 2, Given.MEMORY), "this host has 7.2.22"),
                Arguments.of(profile("7.2.22", "pc-q35-7.1", "kvm", "x86_64", 2, Given.MEMORY), "of type pc-q35-7.1"),
                Arguments.of(profile("7.2.22", type, "tcg", "x86_64", 2, Given.MEMORY), "saved under tcg"),
                Arguments.of(profile("7.2.22", type, "kvm", "aarch64", 2, Given.MEMORY), "processor of type aarch64"),
                Arguments.of(profile("7.2.22", type, "kvm", "x86_64", 1, Given.MEMORY), "saved with 1 vcpus"),
                Arguments.of(profile("7.2.22", type, "kvm", "x86_64", 2, 2 << 20), "2097152 bytes of memory"),
                Arguments.of(profile(List.of(), Given.MAC), "other devices"),
                Arguments.of(
                        profile(List.of(new Disk("rootfs.raw", Disk.Format.RAW, true)), Given.MAC), "other devices"),
                Arguments.of(profile(List.of(Given.ROOT, Given.ROOT), Given.MAC), "other devices"),
                Arguments.of(profile(List.of(Given.ROOT), null), "other devices"));
    }

    @ParameterizedTest
    @MethodSource("incompatible")
    void stateThatThisHostCannotReadIsNotLoaded(MachineProfile profile, String message) {
        assertRefused(load(profile), Reason.INCOMPATIBLE, message);
    }

    @Test
    void whatAnotherMonitorSavedIsNotLoaded() {
        var own = Given.profile();
        var other = new MachineProfile(
                Hypervisor.CLOUD_HYPERVISOR,
                own.version(),
                own.machineType(),
                own.accelerator(),
                own.architecture(),
                own.vcpus(),
                own.memoryBytes(),
                own.disks(),
                own.mac());

        assertRefused(load(other), Reason.INCOMPATIBLE, "it was saved by cloud-hypervisor, which qemu cannot load");
    }

    @Test
    void anotherAddressIsTheSameDevice() {
        assertThat(load(profile(List.of(Given.ROOT), "02:00:00:00:00:99"))).isEmpty();
    }

    @Test
    void whatWasSavedHasToBeThereAndWhole() throws IOException {
        size("memory", Given.MEMORY - 4096);
        assertRefused(load(Given.profile()), Reason.DAMAGED, "instead of " + Given.MEMORY);
        Files.delete(directory.resolve("memory"));
        assertRefused(load(Given.profile()), Reason.DAMAGED, "the memory is missing");
        Files.createDirectory(directory.resolve("memory"));
        assertRefused(load(Given.profile()), Reason.DAMAGED, "the memory is missing");
        Files.delete(directory.resolve("memory"));
        size("memory", Given.MEMORY);

        for (var wrong : new byte[][] {{}, {0x51}, new byte[STATE_BYTES], {0x51, 0x45, 0x56, 0x4d}}) {
            Files.write(directory.resolve("state"), wrong);
            assertRefused(load(Given.profile()), Reason.DAMAGED, "the state is not a machine's, or not all of it");
        }
        Files.delete(directory.resolve("state"));
        assertRefused(load(Given.profile()), Reason.DAMAGED, "the device state is missing");
    }
}
