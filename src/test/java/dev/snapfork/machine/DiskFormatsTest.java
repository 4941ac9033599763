package dev.snapfork.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.snapfork.file.SparseFile;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskFormatsTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final DiskFormats FORMATS = new DiskFormats("qemu-img", LIMIT);

    private Path directory = Path.of("");
    private Path elsewhere = Path.of("");

    @BeforeEach
    void places(@TempDir Path fresh) throws IOException {
        directory = Files.createDirectory(fresh.resolve("a,b"));
        elsewhere = Files.createDirectory(fresh.resolve("elsewhere"));
    }

    private static void needsQemuImg() {
        var present = java.util.Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "qemu-img")));
        assumeThat(present)
                .as("the command-line tool qemu-img is installed (package qemu-utils)")
                .isTrue();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private static Path raw(Path file, String content, long at, long size) throws IOException {
        try (var disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(size);
            disk.seek(at);
            disk.writeBytes(content);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.10", "1.1"})
    void disksInAnotherFormatBecomeRawWithTheirHoles(String version) throws Exception {
        needsQemuImg();
        var source = raw(elsewhere.resolve("source"), "content", 5 << 20, 64 << 20);
        run(
                "qemu-img",
                "convert",
                "-O",
                "qcow2",
                "-o",
                "compat=" + version,
                source.toString(),
                directory.resolve("rootfs.qcow2").toString());
        Files.writeString(directory.resolve("overlay.raw"), "raw as it is");

        FORMATS.makeRaw(directory, () -> false);

        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("rootfs.raw", "overlay.raw");
        assertThat(Files.mismatch(directory.resolve("rootfs.raw"), source)).isEqualTo(-1);
        assertThat(SparseFile.allocatedBytes(directory.resolve("rootfs.raw"))).isLessThan(2 << 20);
        assertThat(directory.resolve("overlay.raw")).hasContent("raw as it is");
    }

    /** A guest writes its disk as it likes, its header too: it must not get at the host's files by that. */
    @Test
    void aBackingFileIsNeverRead() throws Exception {
        needsQemuImg();
        var secret = raw(elsewhere.resolve("secret"), "the host's secret", 0, 1 << 20);
        var disk = directory.resolve("rootfs.qcow2");
        run("qemu-img", "create", "-f", "qcow2", "-F", "raw", "-b", secret.toString(), disk.toString());

        try {
            FORMATS.makeRaw(directory, () -> false);
        } catch (MachineException refused) {
            assertThat(directory.resolve("rootfs.raw")).doesNotExist();
            return;
        }
        assertThat(Files.readString(directory.resolve("rootfs.raw"), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("secret");
    }

    @Test
    void anExternalDataFileIsNeverRead() throws Exception {
        needsQemuImg();
        var disk = directory.resolve("rootfs.qcow2");
        var data = elsewhere.resolve("data");
        run(
                "qemu-img",
                "create",
                "-f",
                "qcow2",
                "-o",
                "data_file=" + data + ",data_file_raw=on",
                disk.toString(),
                "1M");
        raw(data, "the host's secret", 0, 1 << 20);

        assertThatThrownBy(() -> FORMATS.makeRaw(directory, () -> false))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("it has its data in another file");
        assertThat(directory.resolve("rootfs.raw")).doesNotExist();
    }

    @Test
    void aDiskOfGarbageIsSaidToBe() throws Exception {
        needsQemuImg();
        Files.writeString(directory.resolve("overlay.qcow2"), "garbage".repeat(1000));

        assertThatThrownBy(() -> FORMATS.makeRaw(directory, () -> false))
                .isInstanceOf(MachineException.class)
                .hasMessageStartingWith("the disk overlay.qcow2 cannot be converted: ");
        assertThat(directory.resolve("overlay.qcow2")).exists();
    }

    @Test
    void withoutTheProgramADiskThatIsRawIsFineAndAnotherIsRefused() throws Exception {
        var formats = new DiskFormats("/nonexistent/qemu-img", LIMIT);
        Files.writeString(directory.resolve("rootfs.raw"), "raw");
        formats.makeRaw(directory, () -> false);

        Files.writeString(directory.resolve("overlay.qcow2"), "another");
        assertThatThrownBy(() -> formats.makeRaw(directory, () -> false))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(RefusalCode.NOT_SUPPORTED))
                .hasMessageContaining("qemu-utils");
    }

    @Test
    void aConversionEndsWithItsLimitAndWhenItIsCancelled() throws Exception {
        var program = elsewhere.resolve("program");
        Files.writeString(program, "#!/bin/sh\nexec sleep 600\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(directory.resolve("rootfs.qcow2"), "disk");

        assertThatThrownBy(
                        () -> new DiskFormats(program.toString(), Duration.ofMillis(1)).makeRaw(directory, () -> false))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("not converted within");
        assertThatThrownBy(() -> new DiskFormats(program.toString(), LIMIT).makeRaw(directory, () -> true))
                .isInstanceOf(CancellationException.class);
        assertThat(directory.resolve("rootfs.qcow2")).hasContent("disk");
    }
}
