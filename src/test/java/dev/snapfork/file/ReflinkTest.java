package dev.snapfork.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies on a filesystem that has reflinks: XFS on a loop device, for which the test needs root. */
class ReflinkTest {
    private static final long IMAGE_BYTES = 320L << 20;
    private static final int FILE_BYTES = 8 << 20;

    private static Path mounted = Path.of("");

    @BeforeAll
    static void mount(@TempDir Path directory) throws IOException, InterruptedException {
        var image = directory.resolve("xfs.img");
        mounted = Files.createDirectory(directory.resolve("xfs"));
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE_BYTES);
        }
        assumeTrue(
                run("mkfs.xfs", "-q", image.toString())
                        && run("mount", "-o", "loop", image.toString(), mounted.toString()),
                "needs root, mkfs.xfs and a loop device");
    }

    @AfterAll
    static void unmount() throws IOException, InterruptedException {
        run("umount", mounted.toString());
    }

    @Test
    void aCopySharesItsBlocksWithTheSource() throws IOException {
        var source = mounted.resolve("source");
        var content = new byte[FILE_BYTES];
        new Random(7).nextBytes(content);
        Files.write(source, content);
        Durable.fsync(source);
        var free = Files.getFileStore(mounted).getUnallocatedSpace();

        var method = SparseFile.copy(source, mounted.resolve("copy"));

        assertThat(method).isEqualTo(CopyMethod.REFLINK);
        assertThat(mounted.resolve("copy")).hasBinaryContent(content);
        assertThat(free - Files.getFileStore(mounted).getUnallocatedSpace()).isLessThan(FILE_BYTES / 2);
    }

    @Test
    void aCopyThatSharesItsBlocksHasADigestIfThatIsWishedFor() throws IOException {
        var source = Files.write(mounted.resolve("digested"), new byte[] {1, 2, 3});

        var copied = SparseFile.copy(source, mounted.resolve("digested-copy"), EnumSet.of(CopyWish.DIGEST));

        assertThat(copied).isEqualTo(new Copied(CopyMethod.REFLINK, TreeDigest.of(source)));
    }

    @Test
    void writingToACopyLeavesTheSourceAsItWas() throws IOException {
        var source = mounted.resolve("kept");
        Files.write(source, new byte[] {1, 2, 3, 4});
        SparseFile.copy(source, mounted.resolve("changed"));

        try (var file = new RandomAccessFile(mounted.resolve("changed").toFile(), "rw")) {
            file.write(9);
        }

        assertThat(source).hasBinaryContent(new byte[] {1, 2, 3, 4});
        assertThat(mounted.resolve("changed")).hasBinaryContent(new byte[] {9, 2, 3, 4});
    }

    @Test
    void theProbeTellsThatReflinksAreThere() throws IOException {
        assertThat(SparseFile.supportsReflink(mounted)).isTrue();
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }
}
