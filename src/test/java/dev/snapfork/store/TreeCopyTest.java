package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.file.SparseFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeCopyTest {
    private static final long LARGE = 1L << 30;

    Path directory;
    Path source;
    Path target;

    @BeforeEach
    void place(@TempDir Path fresh) throws IOException {
        directory = fresh;
        source = Files.createDirectory(directory.resolve("source"));
        target = directory.resolve("target");
    }

    @Test
    void holesStayHoles() throws IOException {
        Given.sparse(source.resolve("overlay.raw"), LARGE);

        var files = copy(Selection.ALL);

        assertThat(files).containsExactly(new PayloadFile("overlay.raw", LARGE, null));
        assertThat(SparseFile.allocatedBytes(target.resolve("overlay.raw"))).isLessThan(1 << 20);
        assertThat(Given.digested(target)).isEqualTo(Given.digested(source));
    }

    @Test
    void theDigestsOfACopyAreThoseOfItsFiles() throws IOException {
        Given.sparse(source.resolve("overlay.raw"), LARGE);
        Given.write(source.resolve("config"), "x");

        var files = TreeCopy.copyDigested(source, target, Selection.ALL, CopyProgress.UNHEARD, () -> false);

        assertThat(files).containsExactlyInAnyOrderElementsOf(Given.digested(target));
    }

    @Test
    void logsSocketsAndTemporariesAreLeftOut() throws IOException {
        Given.write(source.resolve("logs/app.log"), "log");
        Given.write(source.resolve("memory.zst.tmp"), "half");
        Given.write(source.resolve("config/logs/kept"), "kept");
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(source.resolve("ch.sock")));

            copy(Selection.ALL);
        }

        assertThat(Given.contents(target)).containsOnlyKeys("config/logs/kept");
        assertThat(target).isDirectoryNotContaining("glob:**/{logs,ch.sock}");
    }

    @Test
    void linksAreCopiedAsLinksAndNeverFollowed() throws IOException {
        var secret = Given.write(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(source.resolve("memory"), secret);
        Files.createSymbolicLink(source.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(source.resolve("up"), Path.of(".."));

        var files = copy(Selection.ALL);

        assertThat(files).isEmpty();
        assertThat(Files.readSymbolicLink(target.resolve("memory"))).isEqualTo(secret);
        assertThat(Files.readSymbolicLink(target.resolve("dangling"))).isEqualTo(Path.of("nowhere"));
        assertThat(Files.readSymbolicLink(target.resolve("up"))).isEqualTo(Path.of(".."));
        assertThat(MemoryFiles.find(target)).isEmpty();
    }

    @Test
    void aNamedPipeIsAnErrorThatNamesIt() throws IOException {
        Files.createDirectory(source.resolve("run"));
        Given.fifo(source.resolve("run/pipe"));

        assertThatThrownBy(() -> copy(Selection.ALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("run/pipe");
    }

    @Test
    void modesAreKept() throws IOException {
        var sealed = Files.createDirectory(source.resolve("sealed"));
        var script = Given.write(sealed.resolve("script"), "run");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("r-x------"));
        Files.setPosixFilePermissions(sealed, PosixFilePermissions.fromString("r-xr-x---"));

        copy(Selection.ALL);

        assertThat(mode("sealed/script")).isEqualTo("r-x------");
        assertThat(mode("sealed")).isEqualTo("r-xr-x---");
        Files.setPosixFilePermissions(sealed, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(target.resolve("sealed"), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void disksAreCopiedWithoutTheMachinesState() throws IOException {
        Given.write(source.resolve("overlay.raw"), "disk");
        Given.write(source.resolve("memory.zst"), "memory");
        Given.write(source.resolve("snapshots/snapshot-latest/state.json"), "state");
        Given.write(source.resolve("snapshots/other"), "other");

        copy(Selection.DISKS);

        assertThat(Given.contents(target)).containsOnlyKeys("overlay.raw", "snapshots/other");
    }

    @Test
    void oneFileCanBeLeftToBeMadeInAnotherWay() throws IOException {
        Given.write(source.resolve("overlay.raw"), "disk");
        Given.write(source.resolve("memory.zst"), "memory");

        copy(Selection.without("memory.zst"));

        assertThat(Given.contents(target)).containsOnlyKeys("overlay.raw");
    }

    @Test
    void progressEndsAtTheBytesOfDataThatWereMeasured() throws IOException {
        Given.sparse(source.resolve("a"), LARGE);
        Given.write(source.resolve("b/c"), "x".repeat(100_000));
        var heard = new ArrayList<Long>();

        TreeCopy.copy(source, target, Selection.ALL, heard::add, () -> false);

        assertThat(heard).isSorted().hasSize(2).last().isEqualTo(TreeCopy.dataBytes(source, Selection.ALL));
    }

    @Test
    void aCancelledCopyEndsBeforeTheNextFile() throws IOException {
        Given.write(source.resolve("a"), "a");
        Given.write(source.resolve("b"), "b");
        var heard = new ArrayList<Long>();

        assertThatThrownBy(() -> TreeCopy.copy(source, target, Selection.ALL, heard::add, () -> !heard.isEmpty()))
                .isInstanceOf(CancellationException.class);
        assertThat(Given.contents(target)).containsOnlyKeys("a");
    }

    private java.util.List<PayloadFile> copy(Selection selection) throws IOException {
        return TreeCopy.copy(source, target, selection, CopyProgress.UNHEARD, () -> false);
    }

    private String mode(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve(path), NOFOLLOW_LINKS));
    }
}
