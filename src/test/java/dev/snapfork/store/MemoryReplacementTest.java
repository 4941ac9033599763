package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.fault.Step;
import dev.snapfork.file.TreeDigest;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.store.MemoryFile.Encoding;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryReplacementTest {
    Path data;
    PayloadStore store;
    Path payload;

    @BeforeEach
    void open(@TempDir Path fresh) throws IOException {
        data = fresh;
        store = Given.store(data);
        payload = store.layout().payload(Given.SNAPSHOT);
        Given.publishedSnapshot(store, "raw memory");
    }

    @Test
    void theMemoryIsInItsNewFileAlone() throws IOException {
        var commit = replace(store, Encoding.ZSTD, "packed");

        assertThat(commit).isEqualTo(new Commit.Done());
        assertThat(Given.contents(payload)).containsOnlyKeys("memory-ranges.zst", "overlay.raw");
        assertThat(found().memory()).isEqualTo(MemoryFile.at("memory-ranges.zst"));
        assertThat(found().snapshot().sizeBytes()).isEqualTo("packed".length() + "disk".length());
        assertThat(found().incoming()).isEmpty();
    }

    @Test
    void whoHasTheOldFileOpenReadsOn() throws IOException {
        replace(store, Encoding.ZSTD, "packed");
        try (var open = FileChannel.open(payload.resolve("memory-ranges.zst"))) {
            replace(store, Encoding.ZSTD, "packed better");

            assertThat(Channels.newInputStream(open)).hasContent("packed");
        }
        assertThat(payload.resolve("memory-ranges.zst")).hasContent("packed better");
    }

    @ParameterizedTest
    @CsvSource({
        "RAW, ZSTD, MEMORY_RENAMED",
        "RAW, ZSTD, MANIFEST_SWAPPED",
        "ZSTD, LZ4, MEMORY_RENAMED",
        "ZSTD, LZ4, MANIFEST_SWAPPED",
        "ZSTD, ZSTD, MEMORY_ANNOUNCED",
        "ZSTD, ZSTD, MEMORY_RENAMED",
        "ZSTD, ZSTD, MANIFEST_SWAPPED",
    })
    void atEveryCrashTheManifestNamesAWholeFileAndTheRetryFinishes(Encoding from, Encoding to, Step fatal)
            throws IOException {
        if (from != Encoding.RAW) {
            replace(store, from, "packed");
        }
        var dying = Given.storeThatDiesAfter(fatal, data);
        assertThatThrownBy(() -> replace(dying, to, "first attempt")).isInstanceOf(Given.Died.class);
        assertThatNamedFilesAreWhole();

        if (fatal != Step.MANIFEST_SWAPPED) {
            // another crash of another attempt, which need not make the same bytes
            var dyingAgain = Given.storeThatDiesAfter(from == to ? Step.MEMORY_ANNOUNCED : Step.MEMORY_RENAMED, data);
            assertThatThrownBy(() -> replace(dyingAgain, to, "second attempt")).isInstanceOf(Given.Died.class);
            assertThatNamedFilesAreWhole();
            assertThat(replace(store, to, "last attempt")).isEqualTo(new Commit.Done());
        }
        store.memory().removeUnnamed(found());

        assertThatNamedFilesAreWhole();
        assertThat(Given.contents(payload)).containsOnlyKeys("memory-ranges" + to.suffix(), "overlay.raw");
        assertThat(found().incoming()).isEmpty();
        assertThat(found().version()).isEqualTo(from == Encoding.RAW ? 2 : 3);
    }

    @Test
    void aWorkerThatLostItsCommandChangesNothing() throws IOException {
        var stale = found();
        replace(store, Encoding.ZSTD, "packed");

        var commit = replace(store, stale, Encoding.LZ4, "too late");

        assertThat(commit).isEqualTo(new Commit.VersionConflict(Given.SNAPSHOT.value(), 1, 2));
        assertThat(Given.contents(payload)).containsOnlyKeys("memory-ranges.zst", "overlay.raw");
        assertThatNamedFilesAreWhole();
    }

    @Test
    void aSnapshotThatWasDeletedMeanwhileIsGone() throws IOException {
        var stale = found();
        var written = Given.write(Given.attempt(store, Given.OPERATION).resolve("memory"), "x");
        var next = packed(stale, MemoryFile.at("memory-ranges.zst"), written);
        store.snapshots().trash(Given.SNAPSHOT, Given.LATER_OPERATION);

        var commit = store.memory().commit(1, written, next);

        assertThat(commit).isEqualTo(new Commit.Gone(Given.SNAPSHOT.value()));
        assertThat(store.layout().snapshot(Given.SNAPSHOT)).doesNotExist();
    }

    @Test
    void whatACompressionThatDiedLeftIsNoPartOfThePayload() throws IOException {
        var written = Given.write(payload.resolve("memory-ranges.lz4.tmp"), "half");

        var copied = TreeCopy.copy(payload, data.resolve("copy"), Selection.ALL, CopyProgress.UNHEARD, () -> false);
        store.memory().removeUnnamed(found());

        assertThat(copied).extracting(PayloadFile::path).containsExactly("memory-ranges", "overlay.raw");
        assertThat(written).doesNotExist();
        assertThat(Given.contents(payload)).containsOnlyKeys("memory-ranges", "overlay.raw");
    }

    private void assertThatNamedFilesAreWhole() throws IOException {
        var manifest = found();
        var memory = manifest.memory();
        assertThat(memory).isNotNull();
        assertThat(manifest.file(memory == null ? "" : memory.path())).isPresent();
        for (var file : manifest.files()) {
            assertThat(manifest.accepts(file.path(), TreeDigest.of(payload.resolve(file.path()))))
                    .as(file.path())
                    .isTrue();
        }
    }

    private Commit replace(PayloadStore through, Encoding to, String content) throws IOException {
        return replace(through, found(), to, content);
    }

    private static Commit replace(PayloadStore through, SnapshotManifest current, Encoding to, String content)
            throws IOException {
        var wanted = MemoryFile.at("memory-ranges").as(to);
        var written = Given.write(Given.attempt(through, Given.OPERATION).resolve("memory"), content);
        return through.memory().commit(current.version(), written, packed(current, wanted, written));
    }

    private static SnapshotManifest packed(SnapshotManifest current, MemoryFile wanted, Path written)
            throws IOException {
        var bytes = Files.size(written);
        var moved = current.withMemory(wanted, new PayloadFile(wanted.path(), bytes, TreeDigest.of(written)));
        var config = CompressionConfig.of(CompressionAlgorithm.ZSTD, 1);
        return moved.with(moved.snapshot().compressed(config, bytes, 10L, moved.payloadBytes()), current.applied());
    }

    private SnapshotManifest found() throws IOException {
        return ((Found.Present<SnapshotManifest>) store.snapshots().find(Given.SNAPSHOT)).manifest();
    }
}
