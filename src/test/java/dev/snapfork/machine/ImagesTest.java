package dev.snapfork.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineSpec.Disk.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
    private Path data = Path.of("");
    private Path directory = Path.of("");

    @BeforeEach
    void place(@TempDir Path fresh) throws IOException {
        data = fresh;
        directory = Files.createDirectory(fresh.resolve("images"));
    }

    private Path file(String path, String content) throws IOException {
        var file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private Images.Lookup find(String name) throws IOException {
        return new Images(directory).find(name);
    }

    private Image present(String name) throws IOException {
        return ((Images.Lookup.Present) find(name)).image();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpine", "alpine:3.20", "docker.io/library/alpine@sha256:0a", "A_b-c.d"})
    void anImageIsADirectoryWithAKernel(String name) throws IOException {
        var kernel = file(name + "/kernel", "kernel");

        assertThat(present(name)).isEqualTo(new Image(new MachineSpec.Kernel(kernel.toAbsolutePath(), null, ""), null));
    }

    @Test
    void itMayHaveMore() throws IOException {
        var kernel = file("full/kernel", "kernel");
        var initrd = file("full/initrd", "initrd");
        file("full/cmdline", "  console=ttyS0 quiet\n");
        var root = file("full/rootfs.qcow2", "disk");

        var image = present("full");

        assertThat(image)
                .isEqualTo(new Image(
                        new MachineSpec.Kernel(kernel, initrd, "console=ttyS0 quiet"),
                        new Image.Rootfs(root, Format.QCOW2)));
        assertThat(file("full/rootfs.raw", "disk")).exists();
        assertThat(present("full").rootfs()).isEqualTo(new Image.Rootfs(root.resolveSibling("rootfs.raw"), Format.RAW));
    }

    @Test
    void whatIsMissingIsSaid() throws IOException {
        file("empty/readme", "no kernel");

        for (var name : new String[] {"empty", "nowhere"}) {
            assertThat(find(name))
                    .isEqualTo(new Images.Lookup.Missing("image not found: " + name + " (no file images/" + name
                            + "/kernel in the data directory)"));
        }
        Files.createDirectories(directory.resolve("directory/kernel"));
        assertThat(find("directory")).isInstanceOf(Images.Lookup.Missing.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "/",
                "../outside",
                "a/../../outside",
                "/etc",
                "a//b",
                "a/",
                "a/.",
                "-a",
                "a b",
                "a\u0000b",
                "a\nb",
                "\u00fc",
                "a\\b",
                "outside/.."
            })
    void aNameLeadsNowhereElse(String name) throws IOException {
        Files.writeString(Files.createDirectory(data.resolve("outside")).resolve("kernel"), "another's");
        file("outside/kernel", "kernel");
        file("kernel", "kernel");

        assertThat(find(name))
                .isEqualTo(new Images.Lookup.Missing(
                        "image not found: it names no directory below images/ in the data directory"));
    }

    @Test
    void anInstanceWithoutAnImageIsToldSo() throws IOException {
        assertThat(find(""))
                .isInstanceOfSatisfying(Images.Lookup.Missing.class, missing -> assertThat(missing.problem())
                        .contains("the instance has none"));
    }

    @Test
    void aNameHasAtMostAsManyCharactersAsAFile() throws IOException {
        assertThat(find("a".repeat(255)))
                .isInstanceOfSatisfying(Images.Lookup.Missing.class, missing -> assertThat(missing.problem())
                        .contains("no file"));
        assertThat(find("a".repeat(256)))
                .isInstanceOfSatisfying(Images.Lookup.Missing.class, missing -> assertThat(missing.problem())
                        .contains("names no directory"));
    }

    @Test
    void aCommandLineIsOneLineThatIsNotTooLong() throws IOException {
        file("a/kernel", "kernel");
        file("a/cmdline", "x".repeat(2047) + "\n");
        assertThat(present("a").kernel().commandLine()).hasSize(2047);

        for (var wrong : new String[] {"one\ntwo", "x".repeat(2049)}) {
            file("a/cmdline", wrong);
            assertThatThrownBy(() -> find("a"))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("one line of at most 2048 bytes");
        }
    }
}
