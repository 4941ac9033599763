package dev.snapfork.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparseFileTest {
    private static final int MIB = 1 << 20;

    private final Path directory;

    SparseFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void extentsAreTheDataAndNothingElse() throws IOException {
        Path file = sparse("f", 64L * MIB, 3 * MIB, 40 * MIB);

        var extents = SparseFile.dataExtents(file);

        assertThat(extents).containsExactly(new Extent(3 * MIB, 8192), new Extent(40 * MIB, 8192));
    }

    @Test
    void emptyFilesAndFilesOfHolesHaveNoExtents() throws IOException {
        Path empty = sparse("empty", 0);
        Path holes = sparse("holes", 5L * MIB);

        assertThat(SparseFile.dataExtents(empty)).isEmpty();
        assertThat(SparseFile.dataExtents(holes)).isEmpty();
    }

    @Test
    void allocationCountsDataNotLength() throws IOException {
        Path file = sparse("f", 1L << 34, 5 * MIB);

        assertThat(SparseFile.allocatedBytes(file)).isBetween(8192L, 64L * 1024);
    }

    @Test
    void copiesKeepContentLengthModeAndTimeAndStaySparse() throws IOException {
        Path source = sparse("source", 300L * MIB + 17, 0, 7 * MIB, 200 * MIB);
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-r-x--x"));
        Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2020-02-03T04:05:06.123456789Z")));
        Path target = directory.resolve("target");

        CopyMethod method = SparseFile.copy(source, target);

        assertThat(method).isEqualTo(reflinks() ? CopyMethod.REFLINK : CopyMethod.EXTENTS);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        assertThat(SparseFile.allocatedBytes(target)).isLessThanOrEqualTo(SparseFile.allocatedBytes(source));
        assertThat(SparseFile.dataExtents(target)).isEqualTo(SparseFile.dataExtents(source));
        assertThat(Files.getPosixFilePermissions(target)).isEqualTo(PosixFilePermissions.fromString("rw-r-x--x"));
        assertThat(Files.getLastModifiedTime(target)).isEqualTo(Files.getLastModifiedTime(source));
    }

    /** Above 16 MiB of data two threads share the work. */
    @ParameterizedTest
    @ValueSource(ints = {1, 40})
    void theDigestOfACopyIsThatOfItsContent(int mebibytes) throws IOException {
        var random = new Random(5);
        Path source = sparse("source", 100L * MIB + 4097, 90 * MIB);
        try (var file = new RandomAccessFile(source.toFile(), "rw")) {
            byte[] content = new byte[mebibytes * MIB];
            random.nextBytes(content);
            file.seek(MIB / 2);
            file.write(content);
            for (int page = 0; page < 64; page += 2) {
                file.seek(60L * MIB + page * 4096L);
                file.write(content, page, 4096);
            }
            file.seek(100L * MIB + 4096);
            file.write(7);
        }
        Path target = directory.resolve("target");

        Copied copied = SparseFile.copy(source, target, EnumSet.allOf(CopyWish.class));

        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        assertThat(copied.digest()).isEqualTo(TreeDigest.of(source)).isEqualTo(TreeDigest.of(target));
        assertThat(SparseFile.dataExtents(target)).isEqualTo(SparseFile.dataExtents(source));
    }

    /** With one thread, and above 16 MiB with two. */
    @ParameterizedTest
    @ValueSource(ints = {8, 40})
    void aCopyThatIsCancelledStopsAtItsNextChunkAndLeavesNothing(int mebibytes) throws IOException {
        Path source = directory.resolve("source");
        Files.write(source, new byte[mebibytes * MIB]);
        Path target = directory.resolve("target");
        var looks = new AtomicInteger();
        var wishes = EnumSet.of(CopyWish.DIGEST);

        assertThatThrownBy(() -> SparseFile.copy(source, target, wishes, () -> looks.incrementAndGet() >= 3))
                .isInstanceOf(CancellationException.class);

        assertThat(target).doesNotExist();
        // each of the threads may have one more look before it hears of it
        assertThat(looks.get()).isBetween(3, 4);
    }

    @Test
    void filesWithoutDataHaveADigestToo() throws IOException {
        for (long length : new long[] {0, 1, MIB, 3L * MIB + 1}) {
            Path source = sparse("source" + length, length);

            Copied copied = SparseFile.copy(source, directory.resolve("copy" + length), EnumSet.of(CopyWish.DIGEST));

            assertThat(copied.digest()).isEqualTo(TreeDigest.of(source));
        }
    }

    @Test
    void copiesBetweenFileSystemsAreSparseToo() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeThat(Files.isWritable(memory)).as("/dev/shm is writable").isTrue();
        Path source = sparse("source", 20L * MIB + 5, MIB, 19 * MIB);
        Path target = Files.createTempDirectory(memory, "snapfork-test-").resolve("target");
        try {
            CopyMethod method = SparseFile.copy(source, target);

            assertThat(method).isEqualTo(CopyMethod.EXTENTS);
            assertThat(Files.mismatch(source, target)).isEqualTo(-1);
            assertThat(SparseFile.allocatedBytes(target)).isEqualTo(2 * 8192);
        } finally {
            Files.deleteIfExists(target);
            Files.delete(target.getParent());
        }
    }

    @Test
    void emptyFilesCanBeCopied() throws IOException {
        Path source = sparse("source", 0);
        Path target = directory.resolve("target");

        SparseFile.copy(source, target);

        assertThat(target).isEmptyFile();
    }

    @Test
    void aCopyNeverReplacesAFile() throws IOException {
        Path source = sparse("source", MIB, 0);
        Path target = Files.writeString(directory.resolve("target"), "theirs");

        assertThatThrownBy(() -> SparseFile.copy(source, target)).isInstanceOf(FileAlreadyExistsException.class);

        assertThat(target).hasContent("theirs");
    }

    @Test
    void symbolicLinksAreNotFollowed() throws IOException {
        Path source = sparse("source", MIB, 0);
        Path link = Files.createSymbolicLink(directory.resolve("link"), source);
        Path target = directory.resolve("target");

        assertThatThrownBy(() -> SparseFile.copy(link, target))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("symbolic link")
                .hasMessageContaining(link.toString());

        assertThat(target).doesNotExist();
    }

    @Test
    void onlyRegularFilesAreCopied() {
        Path target = directory.resolve("target");

        assertThatThrownBy(() -> SparseFile.copy(directory, target)).hasMessageContaining("is not a regular file");
        assertThatThrownBy(() -> SparseFile.copy(Path.of("/dev/zero"), target))
                .hasMessageContaining("is not a regular file");

        assertThat(target).doesNotExist();
    }

    @Test
    void errorsNameThePathAndTheCause() {
        Path absent = directory.resolve("absent");

        assertThatThrownBy(() -> SparseFile.dataExtents(absent))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(absent.toString())
                .hasMessageContaining("No such file or directory");
        assertThatThrownBy(() -> SparseFile.allocatedBytes(absent)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void probingForReflinksLeavesNothing() throws IOException {
        SparseFile.supportsReflink(directory);

        assertThat(directory).isEmptyDirectory();
    }

    private boolean reflinks() throws IOException {
        return SparseFile.supportsReflink(directory);
    }

    private Path sparse(String name, long length, int... dataAt) throws IOException {
        Path path = directory.resolve(name);
        byte[] data = new byte[8192];
        new Random(7).nextBytes(data);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
            for (int at : dataAt) {
                file.seek(at);
                file.write(data);
            }
            // Until written out, some file systems report more allocated than they keep.
            file.getFD().sync();
        }
        return path;
    }
}
