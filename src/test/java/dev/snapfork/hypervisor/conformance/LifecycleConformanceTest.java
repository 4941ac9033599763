package dev.snapfork.hypervisor.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.hypervisor.Lifecycle;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.Machines;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.Probe;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorConfig;
import dev.snapfork.hypervisor.cloudhypervisor.CloudHypervisorVmm;
import dev.snapfork.hypervisor.firecracker.FirecrackerConfig;
import dev.snapfork.hypervisor.firecracker.FirecrackerVmm;
import dev.snapfork.hypervisor.http.Deadlines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a real monitor can pass too: it runs with the programs that {@code SNAPFORK_TEST_CLOUD_HYPERVISOR} and {@code
 * SNAPFORK_TEST_FIRECRACKER} name beside the stand-ins, and they boot the kernel that {@code SNAPFORK_TEST_KERNEL} names, without a network.
 */
class LifecycleConformanceTest {
    private record Subject(String kind, String version, boolean isReal) {
        @Override
        public String toString() {
            return kind + " " + version + (isReal ? "" : ", specification " + Specification.documentVersion(kind));
        }

        Vmm vmm(Path directory) throws IOException {
            var binary = isReal
                    ? Path.of(version)
                    : Program.install(directory, kind, version).binary();
            var device = Path.of(isReal ? "/dev/kvm" : "/dev/null");
            var deadlines = isReal ? Deadlines.usual() : StandIn.PATIENT;
            return kind.equals("firecracker")
                    ? new FirecrackerVmm(new FirecrackerConfig(binary, device, deadlines))
                    : new CloudHypervisorVmm(new CloudHypervisorConfig(binary, device, false, deadlines));
        }
    }

    static List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        subjects.add(new Subject("cloud-hypervisor", "53.0.0", false));
        subjects.add(new Subject("firecracker", "1.16.1", false));
        addReal(subjects, "cloud-hypervisor", System.getenv("SNAPFORK_TEST_CLOUD_HYPERVISOR"));
        addReal(subjects, "firecracker", System.getenv("SNAPFORK_TEST_FIRECRACKER"));
        return subjects;
    }

    private static void addReal(List<Subject> subjects, String kind, @Nullable String binary) {
        if (binary != null) {
            subjects.add(new Subject(kind, binary, true));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("subjects")
    void aMachineIsBootedSavedForkedAndEnded(Subject subject, @TempDir Path directory) throws Exception {
        var vmm = subject.vmm(directory);
        assertThat(vmm.probe()).isInstanceOf(Probe.Available.class);
        try (var life = new Lifecycle(vmm, directory)) {
            var spec = life.spec(null);
            var source = life.boot(spec, "source");
            var saved = life.save(source, "saved", MemoryWish.COPY);
            assertThat(Files.size(saved.memory().file())).isEqualTo(Lifecycle.MEMORY);
            var before = Machines.digests(saved.directory());
            life.resume(source);

            var one = life.load(saved, spec, "one");
            var two = life.load(saved, spec, "two");
            assertThat(vmm.status(one)).isEqualTo(MachineStatus.PAUSED);
            life.resume(one);
            life.resume(two);
            var again = life.save(one, "again", MemoryWish.COPY);
            life.kill(one);
            life.resume(life.load(again, spec, "three"));

            assertThat(vmm.status(source)).isEqualTo(MachineStatus.RUNNING);
            assertThat(vmm.status(two)).isEqualTo(MachineStatus.RUNNING);
            assertThat(vmm.status(one)).isEqualTo(MachineStatus.GONE);
            assertThat(Machines.digests(saved.directory())).isEqualTo(before);
            life.kill(source);
            life.kill(two);
        }
    }
}
