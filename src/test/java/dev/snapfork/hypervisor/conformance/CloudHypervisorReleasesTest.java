package dev.snapfork.hypervisor.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.snapfork.file.SparseFile;
import dev.snapfork.hypervisor.FakeMemory;
import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.Lifecycle;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.Machines;
import dev.snapfork.hypervisor.MemorySource;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.hypervisor.TapName;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorConfig;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorVmm;
import dev.snapfork.hypervisor.http.ApiMonitor;
import dev.snapfork.hypervisor.http.ApiSocket;
import dev.snapfork.hypervisor.http.Call;
import dev.snapfork.hypervisor.http.Installation;
import dev.snapfork.instance.Hypervisor;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is Cloud Hypervisor's own: its configuration, where memory is, and what its releases differ in. */
class CloudHypervisorReleasesTest {
    private static final String KIND = "cloud-hypervisor";
    private static final String MAC = "52:54:00:00:00:02";

    private static Vmm vmm(Path binary, boolean onDemand) {
        return new CloudHypervisorVmm(
                new CloudHypervisorConfig(binary, Path.of("/dev/null"), onDemand, StandIn.PATIENT));
    }

    @ParameterizedTest(name = "Cloud Hypervisor {0}, specification 0.3.0")
    @ValueSource(strings = {"40.0.0", "51.0.0", "51.2.0", "52.0.0", "53.0.0"})
    void everyReleaseIsToldWhatItKnows(String version, @TempDir Path directory) throws Exception {
        var program = Program.install(directory, KIND, version);
        try (var life = new Lifecycle(vmm(program.binary(), true), directory)) {
            var saved = life.save(life.boot(life.spec(MAC), "source"), "saved", MemoryWish.COPY);
            life.resume(life.load(saved, life.spec(MAC), "fork"));

            assertThat(program.requests("PUT /api/v1/vm.restore"))
                    .singleElement()
                    .satisfies(request -> assertThat(
                                    request.contains("\"memory_restore_mode\":\"OnDemand\",\"resume\":false"))
                            .isEqualTo(version.compareTo("52") >= 0));
            program.reset();
        }
    }

    @Test
    void savingAMachineThatWillNotGoOnWritesNoMemoryAndTheFileBecomesTheSnapshots(@TempDir Path directory)
            throws Exception {
        var program = Program.install(directory, KIND, "53.0.0");
        try (var life = new Lifecycle(vmm(program.binary(), false), directory)) {
            var source = life.boot(life.spec(MAC), "source");
            assertThat(source.ownMemory()).isTrue();

            var saved = life.save(source, "saved", MemoryWish.LEAVE);

            var live = source.home().memory();
            assertThat(saved.memory().file()).isEqualTo(live);
            assertThat(saved.directory()).isDirectoryNotContaining("glob:**memory*");
            life.kill(source);
            var kept = Files.move(live, saved.directory().resolve("memory"));
            var before = Machines.digests(saved.directory());
            assertThat(SparseFile.allocatedBytes(kept)).isLessThan(Lifecycle.MEMORY / 4);
            var fork = life.load(
                    new SavedMachine(saved.directory(), saved.profile(), new MemorySource.Shared(kept)),
                    life.spec(MAC),
                    "fork");
            life.resume(fork);
            assertThat(fork.ownMemory()).isFalse();
            assertThat(Machines.digests(saved.directory())).isEqualTo(before);
            program.reset();
        }
    }

    @Test
    void aMachineWithMemoryOfItsOwnWritesToItAndIsSavedWithoutACopyAgain(@TempDir Path directory) throws Exception {
        var program = Program.install(directory, KIND, "53.0.0");
        try (var life = new Lifecycle(vmm(program.binary(), false), directory)) {
            var saved = life.save(life.boot(life.spec(MAC), "source"), "saved", MemoryWish.COPY);
            var before = Machines.digests(saved.directory());
            var own = life.home("fork").memory();
            Files.createDirectories(own.resolveSibling("."));
            SparseFile.copy(saved.memory().file(), own);

            var fork = life.load(
                    new SavedMachine(saved.directory(), saved.profile(), new MemorySource.Own(own)),
                    life.spec(MAC),
                    "fork");
            life.resume(fork);
            var again = life.save(fork, "again", MemoryWish.LEAVE);

            assertThat(fork.ownMemory()).isTrue();
            assertThat(again.memory().file()).isEqualTo(own);
            assertThat(FakeMemory.guest(own))
                    .isEqualTo(FakeMemory.guest(saved.memory().file()).replace("went on 0", "went on 1"));
            assertThat(Machines.digests(saved.directory())).isEqualTo(before);
            program.reset();
        }
    }

    @Test
    void whatASnapshotFromElsewhereNamesIsPutWhereTheForkIs(@TempDir Path directory) throws Exception {
        var program = Program.install(directory, KIND, "51.2.0");
        var saved = takenOver(directory, "51.2.0");
        var before = Machines.digests(saved.directory());
        try (var life = new Lifecycle(vmm(program.binary(), false), directory)) {
            var fork = life.load(saved, life.spec(MAC), "fork");

            var config = config(fork);
            var runtime = fork.home().runtime().toString();
            assertThat(config.at("/disks/0/path").asText()).isEqualTo("root.raw");
            assertThat(config.at("/vsock/cid").asInt()).isEqualTo(1234567);
            assertThat(config.at("/vsock/socket").asText()).isEqualTo(runtime + "/vsock.sock");
            assertThat(config.at("/serial/file").asText()).isEqualTo(runtime + "/serial.log");
            assertThat(config.at("/net/0/mac").asText()).isEqualTo(MAC);
            assertThat(config.at("/net/0/tap").asText()).isEqualTo(TapName.of(fork.home()));
            assertThat(config.at("/platform/oem_strings/0").asText())
                    .isEqualTo(fork.home().directory() + "/oem");
            assertThat(config.at("/payload/kernel").asText()).endsWith("/vmlinux");
            assertThat(config.toString()).doesNotContain("/var/lib/hypeman/guests/abc/");
            assertThat(Machines.digests(saved.directory())).isEqualTo(before);
            assertThat(fork.home().runtime().resolve("restore")).doesNotExist();
            program.reset();
        }
    }

    @Test
    void whatHasAnotherNumberOfDisksThanItsProfileSaysIsRefused(@TempDir Path directory) throws Exception {
        var program = Program.install(directory, KIND, "51.2.0");
        var saved = takenOver(directory, "51.2.0");
        var config = saved.directory().resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"disks\": [", "\"disks\": [{\"path\": \"more\"},"));
        var driver = vmm(program.binary(), false);
        try (var life = new Lifecycle(driver, directory)) {
            assertThat(driver.load(saved, life.spec(MAC), life.home("fork")))
                    .isInstanceOfSatisfying(Launch.Refused.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Launch.Reason.INVALID));
        }
    }

    private static JsonNode config(RunningMachine machine) throws Exception {
        var reply = new ApiSocket(ApiMonitor.socket(machine.home()))
                .send(Call.get("/api/v1/vm.info", Duration.ofSeconds(20)));
        return new JsonMapper().readTree(reply.body()).path("config");
    }

    /** A snapshot with absolute paths, and memory beside its state. */
    private static SavedMachine takenOver(Path directory, String version) throws Exception {
        var saved = Files.createDirectory(directory.resolve("saved"));
        Files.writeString(saved.resolve("config.json"), """
                {"cpus": {"boot_vcpus": 1, "max_vcpus": 1}, "memory": {"size": %d, "shared": false},
                 "payload": {"kernel": "/var/lib/hypeman/system/vmlinux", "cmdline": "console=ttyS0"},
                 "disks": [{"path": "/var/lib/hypeman/guests/abc/root.raw", "readonly": false, "id": "_disk0"}],
                 "net": [{"tap": "hype-1", "mac": "02:00:00:00:00:01", "host_mac": "02:00:00:00:00:09"}],
                 "serial": {"mode": "File", "file": "/var/lib/hypeman/guests/abc/logs/app.log", "socket": null},
                 "console": {"mode": "Off", "file": null},
                 "platform": {"oem_strings": ["/var/lib/hypeman/guests/abc/oem", "/var/lib/hypeman/guests/abcdef"]},
                 "vsock": {"cid": 1234567, "socket": "/var/lib/hypeman/guests/abc/vsock.sock"}}
                """.formatted(Lifecycle.MEMORY));
        Files.writeString(
                saved.resolve("state.json"),
                "{\"version\": \"%s\", \"memory_ranges\": [{\"gpa\": 0, \"length\": %d}]}"
                        .formatted(version, Lifecycle.MEMORY));
        var memory = saved.resolve("memory-ranges");
        FakeMemory.booted(Lifecycle.MEMORY, null, false).writeTo(memory);
        try (var file = new RandomAccessFile(memory.toFile(), "r")) {
            assertThat(file.length()).isEqualTo(Lifecycle.MEMORY);
        }
        var profile = new MachineProfile(
                Hypervisor.CLOUD_HYPERVISOR,
                "v51.2",
                "",
                "kvm",
                Installation.architecture(),
                1,
                Lifecycle.MEMORY,
                List.of(new MachineSpec.Disk("root.raw", MachineSpec.Disk.Format.RAW, false)),
                "02:00:00:00:00:01");
        return new SavedMachine(saved, profile, new MemorySource.Shared(memory));
    }
}
