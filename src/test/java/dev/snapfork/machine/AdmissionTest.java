package dev.snapfork.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final long MB = 1L << 20;
    private static final InstanceId A = id('a');
    private static final InstanceId B = id('b');
    private static final InstanceId C = id('c');

    private Path directory = Path.of("");
    private Site site = new Site(Path.of(""), "");

    @BeforeEach
    void site(@TempDir Path fresh) throws IOException {
        directory = fresh;
        site = Site.of(fresh.resolve("run"), fresh);
    }

    private static InstanceId id(char letter) {
        return new InstanceId(String.valueOf(letter).repeat(24));
    }

    private static MachineSpec spec(long megabytes, int vcpus) {
        return new MachineSpec(
                Hypervisor.QEMU,
                vcpus,
                megabytes * MB,
                new MachineSpec.Kernel(Path.of("/kernel"), null, ""),
                List.of(),
                null,
                new UUID(0, 0));
    }

    private static void assertRefused(Admission admission, InstanceId instance, MachineSpec spec, String message) {
        assertThatThrownBy(() -> admission.admit(instance, spec))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(RefusalCode.INSUFFICIENT_RESOURCES))
                .hasMessageContaining(message);
    }

    @Test
    void allMachinesTogetherHaveAtMostSoMuchMemory() throws IOException {
        var admission = new Admission(site, 10 * MB, 0);
        admission.admit(A, spec(4, 64));
        admission.admit(B, spec(6, 64));

        assertRefused(admission, C, spec(2, 1), "needs 2MB of memory, and of 10MB machines that run have 10MB");

        site.forget(A);
        admission.admit(C, spec(4, 1));
    }

    @Test
    void allMachinesTogetherHaveAtMostSoManyProcessors() throws IOException {
        var admission = new Admission(site, 0, 4);
        admission.admit(A, spec(512, 3));

        assertRefused(admission, B, spec(2, 2), "needs 2 vcpus, and of 4 machines that run have 3");
        admission.admit(B, spec(2, 1));
    }

    @Test
    void oneThatIsTooLargeForAllIsRefusedToo() {
        assertRefused(new Admission(site, 2 * MB, 0), A, spec(4, 1), "machines that run have 0B");
    }

    @Test
    void anInstanceHasOneClaim() throws IOException {
        var admission = new Admission(site, 10 * MB, 0);
        admission.admit(A, spec(10, 1));
        admission.admit(A, spec(8, 1));

        admission.admit(B, spec(2, 1));
        assertRefused(admission, A, spec(10, 1), "machines that run have 2MB");
    }

    @Test
    void withoutABoundNothingIsCounted() throws IOException {
        var admission = new Admission(site, 0, 0);
        for (var letter = 'a'; letter <= 'z'; letter++) {
            admission.admit(id(letter), spec(1 << 20, 64));
        }

        // the place is made all the same: it says that something may have been started
        assertThat(site.knows(A)).isTrue();
        assertThat(site.runtime(A)).isEmptyDirectory();
    }

    @Test
    void theClaimOfOneWhoseServiceDiedCountsWhileItsMachineRuns() throws Exception {
        var admission = new Admission(site, 10 * MB, 0);
        var dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(Files.createDirectories(site.runtime(A)).resolve("claim"), 10 * MB + " 1 " + dead.pid());
        try (var machine = new Sleeper(site.label(A) + "o".repeat(24))) {
            assertRefused(admission, B, spec(2, 1), "machines that run have 10MB");
            assertThat(machine.lives()).isTrue();
        }

        admission.admit(B, spec(10, 1));
    }

    /** What a service left that was killed while it wrote. */
    @ParameterizedTest
    @ValueSource(strings = {"", "10485760", "10485760 ", "10485760 1 ", "a b c", "10485760 1 x"})
    void aClaimThatIsNotWholeIsNone(String claim) throws IOException {
        Files.writeString(Files.createDirectories(site.runtime(A)).resolve("claim"), claim);

        new Admission(site, 10 * MB, 4).admit(B, spec(10, 4));
    }

    @Test
    void anotherDataDirectoryIsAnotherSite() throws IOException {
        var other = Site.of(directory.resolve("run"), Files.createDirectory(directory.resolve("other")));
        new Admission(site, 10 * MB, 0).admit(A, spec(10, 1));

        new Admission(other, 10 * MB, 0).admit(B, spec(10, 1));
        assertRefused(new Admission(other, 10 * MB, 0), C, spec(2, 1), "10MB");
    }

    @Test
    void manyAtOnceGetNoMoreThanThereIs() throws Exception {
        var shared = new Admission(site, 10 * MB, 0);
        var another = new Admission(site, 10 * MB, 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new java.util.ArrayList<Callable<Boolean>>();
            for (var letter = 'a'; letter <= 'x'; letter++) {
                var instance = id(letter);
                var admission = letter % 2 == 0 ? shared : another;
                all.add(() -> {
                    while (true) {
                        try {
                            admission.admit(instance, spec(2, 1));
                            return true;
                        } catch (RefusedException e) {
                            return false;
                        } catch (java.nio.channels.OverlappingFileLockException e) {
                            // two services are never one process: this test's are
                            Thread.sleep(1);
                        }
                    }
                });
            }
            var admitted = 0;
            for (var each : threads.invokeAll(all)) {
                admitted += each.get() ? 1 : 0;
            }
            assertThat(admitted).isEqualTo(5);
        }
    }
}
