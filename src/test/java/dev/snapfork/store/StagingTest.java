package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.instance.InstanceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
    PayloadStore store;

    @BeforeEach
    void open(@TempDir Path data) throws IOException {
        store = Given.store(data);
    }

    @Test
    void anAttemptStartsEmptyAndItsPredecessorsAreGone() throws IOException {
        var first = Given.attempt(store, Given.OPERATION);
        Given.write(first.resolve("deep/half"), "half");

        var second = Given.attempt(store, Given.OPERATION);

        assertThat(second).isEmptyDirectory().isNotEqualTo(first);
        assertThat(first).doesNotExist();
        assertThat(store.trash().entries()).isEmpty();
    }

    @Test
    void aWorkerThatLostItsCommandCannotPublishItsAttempt() throws IOException {
        var lost = Given.attempt(store, Given.OPERATION).resolve("instance");
        Given.write(lost.resolve("overlay.raw"), "lost");
        Given.attempt(store, Given.OPERATION);

        assertThatThrownBy(() -> store.instances().publishNew(lost, Given.instance(InstanceState.STOPPED)))
                .isInstanceOf(IOException.class);
        assertThat(store.instances().find(Given.INSTANCE)).isEqualTo(new Found.Absent<>());
    }

    @Test
    void anAttemptThatLostItsPlaceCanMakeNothingThere() throws IOException {
        var lost = store.staging().open(Given.OPERATION, "lost");
        var source = Given.write(store.layout().data().resolve("source/deep/file"), "content")
                .resolveSibling("")
                .resolveSibling("");
        var made = lost.fresh("snapshot");
        Given.attempt(store, Given.OPERATION);

        assertThat(lost.isHeld()).isFalse();
        assertThatThrownBy(() -> lost.fresh("snapshot")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> TreeCopy.copy(source, made, Selection.ALL, CopyProgress.UNHEARD, () -> false))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> lost.takeOver(false)).isInstanceOf(NoSuchFileException.class);
        assertThat(made).doesNotExist();
    }

    @Test
    void anAttemptThatLostItsPlaceReplacesNoManifest() throws IOException {
        var manifest = Given.publishedSnapshot(store, "memory");
        var before = store.snapshots().find(Given.SNAPSHOT);
        var lost = store.staging().open(Given.OPERATION, "lost");
        Given.attempt(store, Given.OPERATION);

        assertThatThrownBy(() -> store.snapshots()
                        .replaceManifest(1, manifest.with(manifest.applied().settling(Given.LATER_OPERATION)), lost))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(store.snapshots().find(Given.SNAPSHOT)).isEqualTo(before);
    }

    @Test
    void anAttemptThatGoesOnHasWhatTheLastOneLeftUnderANameOfItsOwn() throws IOException {
        var lost = store.staging().open(Given.OPERATION, "lost");
        Given.write(lost.directory().resolve("memory"), "half");

        var next = store.staging().open(Given.OPERATION, "next");
        next.takeOver(true);

        assertThat(next.directory().resolve("memory")).hasContent("half");
        assertThat(lost.isHeld()).isFalse();
        next.clear();
        assertThat(next.directory()).isEmptyDirectory();
    }

    @Test
    void whatIsBeingRemovedIsNotGoneOnWith() throws IOException {
        var gone = store.layout().staging(Given.OPERATION).resolve("gone-x");
        Given.write(gone.resolve("memory"), "half of it is unlinked");

        var next = store.staging().open(Given.OPERATION, "next");
        next.takeOver(true);

        assertThat(next.directory()).isEmptyDirectory();
        assertThat(gone).doesNotExist();
    }

    @Test
    void discardingTwiceIsDiscardingOnceAndLeavesTheTrashAlone() throws IOException {
        var manifest = Given.publishedSnapshot(store, "memory");
        store.snapshots().trash(Given.SNAPSHOT, Given.OPERATION);
        Given.attempt(store, Given.OPERATION);

        store.staging().discard(Given.OPERATION);
        store.staging().discard(Given.OPERATION);

        assertThat(store.staging().entries()).isEmpty();
        assertThat(store.snapshots().trashed(Given.SNAPSHOT, Given.OPERATION))
                .get()
                .isInstanceOfSatisfying(
                        Found.Present.class, found -> assertThat(((SnapshotManifest) found.manifest()).snapshot())
                                .isEqualTo(manifest.snapshot()));
    }

    @Test
    void theAgeOfWhatLiesThereIsThatOfItsLatestChange() throws IOException {
        var latest = Instant.parse("2026-01-02T00:00:00Z");
        var earlier = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        var attempt = Given.attempt(store, Given.OPERATION);
        var file = Given.write(attempt.resolve("deep/file"), "content");
        Files.setLastModifiedTime(file, FileTime.from(latest));
        for (var directory : List.of(file.resolveSibling(""), attempt, attempt.resolve(".."))) {
            Files.setLastModifiedTime(directory.normalize(), earlier);
        }

        var entries = store.staging().entries();

        assertThat(entries).containsExactly(new Leftover(Given.OPERATION, latest));
    }
}
