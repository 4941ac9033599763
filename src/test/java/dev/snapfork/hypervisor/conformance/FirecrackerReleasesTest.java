package dev.snapfork.hypervisor.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.hypervisor.FakeMemory;
import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.Lifecycle;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.Machines;
import dev.snapfork.hypervisor.MemorySource;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.Probe;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.hypervisor.TapName;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.firecracker.FirecrackerConfig;
import dev.snapfork.hypervisor.firecracker.FirecrackerVmm;
import dev.snapfork.hypervisor.http.Installation;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is Firecracker's own: a state that names files and devices, and what its releases differ in. */
class FirecrackerReleasesTest {
    private static final String KIND = "firecracker";
    private static final String MAC = "52:54:00:00:00:02";
    private static final Path ORIGIN = Path.of("/var/lib/hypeman/guests/abc");

    private static Vmm vmm(Path binary) {
        return new FirecrackerVmm(new FirecrackerConfig(binary, Path.of("/dev/null"), StandIn.PATIENT));
    }

    @ParameterizedTest(name = "Firecracker {0}, specification 1.17.0-dev")
    @ValueSource(strings = {"1.7.0", "1.11.0", "1.12.0", "1.13.1", "1.16.1"})
    void everyReleaseIsToldWhatItKnowsAndEveryForkHasItsOwnNetworkDevice(String version, @TempDir Path directory)
            throws Exception {
        var program = Program.install(directory, KIND, version);
        try (var life = new Lifecycle(vmm(program.binary()), directory)) {
            var source = life.boot(life.spec(MAC), "source");
            var saved = life.save(source, "saved", MemoryWish.COPY);
            var before = Machines.digests(saved.directory());

            var fork = life.load(saved, life.spec(MAC), "fork");
            life.resume(fork);
            var again = life.load(life.save(fork, "again", MemoryWish.COPY), life.spec(MAC), "second");

            assertThat(program.requests("loaded"))
                    .satisfiesExactly(
                            loaded -> assertThat(loaded)
                                    .contains(TapName.of(fork.home()))
                                    .doesNotContain(TapName.of(source.home())),
                            loaded -> assertThat(loaded).contains(TapName.of(again.home())));
            assertThat(Machines.digests(saved.directory())).isEqualTo(before);
            program.reset();
        }
    }

    @Test
    void aReleaseBeforeThoseIsNotSupported(@TempDir Path directory) throws Exception {
        var program = Program.install(directory, KIND, "1.6.0");

        assertThat(vmm(program.binary()).probe())
                .isEqualTo(new Probe.Unavailable("Firecracker 1.6.0 is older than 1.7.0"));
    }

    @ParameterizedTest(name = "Firecracker {0}, specification 1.17.0-dev")
    @ValueSource(strings = {"1.12.0", "1.16.1"})
    void whatASnapshotFromElsewhereNamesIsFoundWhereTheForkIs(String version, @TempDir Path directory)
            throws Exception {
        var program = Program.install(directory, KIND, version);
        var saved = takenOver(directory, version, ORIGIN + "/root.raw", ORIGIN);
        var before = Machines.digests(saved.directory());
        try (var life = new Lifecycle(vmm(program.binary()), directory)) {
            var fork = life.load(saved, life.spec(MAC), "fork-in-a-directory-with-a-name-of-another-length");
            life.resume(fork);
            var again = life.save(fork, "again", MemoryWish.COPY);
            life.kill(fork);
            var second = life.load(again, life.spec(MAC), "second");

            assertThat(Machines.openFiles(second))
                    .contains(second.home()
                            .directory()
                            .toRealPath()
                            .resolve("root.raw")
                            .toString());
            assertThat(second.home().runtime().resolve("vsock.sock").toRealPath())
                    .startsWith(second.home().directory().toRealPath());
            assertThat(second.profile().mac()).isEqualTo("02:00:00:00:00:01");
            assertThat(Machines.digests(saved.directory())).isEqualTo(before);
            program.reset();
        }
    }

    @Test
    void aStateThatWouldOpenAnothersDiskIsNotLoaded(@TempDir Path directory) throws Exception {
        var program = Program.install(directory, KIND, "1.16.1");
        var saved = takenOver(directory, "1.16.1", "/elsewhere/root.raw", ORIGIN);

        incompatible(program, directory, saved, "not below " + ORIGIN);
        incompatible(
                program,
                directory,
                new SavedMachine(saved.directory(), saved.profile(), saved.memory(), null),
                "by an absolute path");
        assertThat(program.requests("PUT /snapshot/load")).isEmpty();
    }

    @Test
    void aNetworkDeviceThatAnOldReleaseCannotBeToldIsNotShared(@TempDir Path directory) throws Exception {
        var program = Program.install(directory, KIND, "1.11.0");

        incompatible(program, directory, takenOver(directory, "1.11.0", ORIGIN + "/root.raw", ORIGIN), "1.12 can");
    }

    private static void incompatible(Program program, Path directory, SavedMachine saved, String why) throws Exception {
        var driver = vmm(program.binary());
        try (var life = new Lifecycle(driver, directory)) {
            assertThat(driver.load(saved, life.spec(MAC), life.home("fork")))
                    .isInstanceOfSatisfying(Launch.Refused.class, refused -> {
                        assertThat(refused.reason()).isEqualTo(Launch.Reason.INCOMPATIBLE);
                        assertThat(refused.message()).contains(why);
                    });
        }
    }

    @Test
    void whatFirecrackerHasNotIsInvalid(@TempDir Path directory) throws Exception {
        var driver = vmm(Program.install(directory, KIND, "1.16.1").binary());
        try (var life = new Lifecycle(driver, directory)) {
            var spec = life.spec(null);
            var chained = List.of(new MachineSpec.Disk("root.qcow2", MachineSpec.Disk.Format.QCOW2, false));

            for (var wrong : List.of(
                    new MachineSpec(
                            spec.hypervisor(),
                            33,
                            spec.memoryBytes(),
                            spec.kernel(),
                            List.of(),
                            null,
                            spec.generation()),
                    new MachineSpec(
                            spec.hypervisor(),
                            1,
                            spec.memoryBytes(),
                            spec.kernel(),
                            chained,
                            null,
                            spec.generation()))) {
                assertThat(driver.boot(wrong, life.home("machine")))
                        .isInstanceOfSatisfying(Launch.Refused.class, refused -> assertThat(refused.reason())
                                .isEqualTo(Launch.Reason.INVALID));
            }
        }
    }

    /** A snapshot with absolute paths in its state. */
    private static SavedMachine takenOver(Path directory, String version, String disk, @Nullable Path origin)
            throws IOException {
        var saved = Files.createDirectory(directory.resolve("saved"));
        var devices = new JsonMapper().readTree("""
                        {"machine-config": {"vcpu_count": 1, "mem_size_mib": %d},
                         "drives": [{"drive_id": "disk0", "path_on_host": "%s", "is_read_only": false}],
                         "network-interfaces": [{"iface_id": "eth0", "host_dev_name": "hype-1"}],
                         "vsock": {"guest_cid": 1234567, "uds_path": "%s/vsock.sock"}}
                        """.formatted(Lifecycle.MEMORY >> 20, disk, ORIGIN));
        FakeState.write(saved.resolve("state"), version, (ObjectNode) devices);
        var memory = saved.resolve("memory");
        FakeMemory.booted(Lifecycle.MEMORY, null, false).writeTo(memory);
        var profile = new MachineProfile(
                Hypervisor.FIRECRACKER,
                "v" + version,
                "",
                "kvm",
                Installation.architecture(),
                1,
                Lifecycle.MEMORY,
                List.of(new MachineSpec.Disk("root.raw", MachineSpec.Disk.Format.RAW, false)),
                "02:00:00:00:00:01");
        return new SavedMachine(saved, profile, new MemorySource.Shared(memory), origin);
    }
}
