package dev.snapfork.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.file.SparseFile;
import dev.snapfork.hypervisor.MachineSpec.Disk;
import dev.snapfork.hypervisor.MachineSpec.Disk.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisksTest {
    @Test
    void theirOrderIsAlwaysTheSame(@TempDir Path directory) throws IOException {
        for (var name : List.of("config.ext4", "overlay.qcow2", "rootfs.raw", "another.raw", "rootfs")) {
            Files.writeString(directory.resolve(name), "disk");
        }

        assertThat(Disks.of(directory))
                .containsExactly(
                        new Disk("rootfs.raw", Format.RAW, false),
                        new Disk("overlay.qcow2", Format.QCOW2, false),
                        new Disk("config.ext4", Format.RAW, true));
    }

    @Test
    void whatIsNoFileIsNoDisk(@TempDir Path directory) throws IOException {
        Files.createDirectory(directory.resolve("rootfs.raw"));
        Files.createSymbolicLink(directory.resolve("overlay.raw"), Path.of("/etc/hostname"));
        Files.createSymbolicLink(directory.resolve("config.ext4"), Path.of("/etc/hostname"));

        assertThat(Disks.of(directory)).isEmpty();
    }

    @Test
    void anEmptyOverlayOccupiesNothing(@TempDir Path directory) throws IOException {
        Disks.makeOverlay(directory, 10L << 30);

        assertThat(Files.size(directory.resolve("overlay.raw"))).isEqualTo(10L << 30);
        assertThat(SparseFile.allocatedBytes(directory.resolve("overlay.raw"))).isLessThan(1 << 20);
        assertThat(Disks.of(directory)).containsExactly(new Disk("overlay.raw", Format.RAW, false));
        assertThat(Disks.root(directory, Format.QCOW2)).isEqualTo(directory.resolve("rootfs.qcow2"));
    }
}
