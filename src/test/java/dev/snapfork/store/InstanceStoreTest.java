package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.fault.Step;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InstanceStoreTest {
    Path data;
    PayloadStore store;
    Path place;

    @BeforeEach
    void open(@TempDir Path fresh) throws IOException {
        data = fresh;
        store = Given.store(data);
        place = store.layout().guest(Given.INSTANCE);
    }

    @Test
    void aStagedDirectoryBecomesAnInstance() throws IOException {
        var manifest = Given.instance(InstanceState.STOPPED);

        var commit = store.instances().publishNew(staged(Given.OPERATION, "first"), manifest);

        assertThat(commit).isEqualTo(new Commit.Done());
        assertThat(store.instances().find(Given.INSTANCE)).isEqualTo(new Found.Present<>(manifest));
        assertThat(place.resolve("overlay.raw")).hasContent("first");
    }

    @Test
    void anInstanceThatIsThereIsNotPublishedOver() throws IOException {
        publish("first");
        var again = staged(Given.OPERATION, "second");

        var commit = store.instances().publishNew(again, Given.instance(InstanceState.STOPPED));

        assertThat(commit).isEqualTo(new Commit.Exists(Given.INSTANCE.value()));
        assertThat(place.resolve("overlay.raw")).hasContent("first");
        assertThat(again).isDirectory();
    }

    @Test
    void aDirectoryPutInPlaceLeavesTheOldOneInTheTrash() throws IOException {
        var old = publish("old");
        var next = next(old);

        var commit =
                store.instances().replaceInPlace(1, staged(Given.LATER_OPERATION, "new"), next, Given.LATER_OPERATION);

        assertThat(commit).isEqualTo(new Commit.Done());
        assertThat(place.resolve("overlay.raw")).hasContent("new");
        assertThat(store.instances().find(Given.INSTANCE)).isEqualTo(new Found.Present<>(next));
        assertThat(store.instances().trashed(Given.INSTANCE, Given.LATER_OPERATION))
                .contains(new Found.Present<>(old));
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"STAGED", "EXCHANGED", "COMMITTED", "TRASHED"})
    void aCrashWhileReplacingLeavesTheOldOrTheNewAndTheRetryFinishes(Step fatal) throws IOException {
        var old = publish("old");
        var dying = Given.storeThatDiesAfter(fatal, data);
        var staged = staged(Given.LATER_OPERATION, "new");
        assertThatThrownBy(() -> dying.instances().replaceInPlace(1, staged, next(old), Given.LATER_OPERATION))
                .isInstanceOf(Given.Died.class);
        var afterCrash = found();
        assertThat(place.resolve("overlay.raw")).hasContent(fatal == Step.STAGED ? "old" : "new");
        assertThat(afterCrash.applied().settled(Given.LATER_OPERATION)).isEqualTo(fatal != Step.STAGED);

        if (!afterCrash.applied().settled(Given.LATER_OPERATION)) {
            store.instances().replaceInPlace(1, staged(Given.LATER_OPERATION, "new"), next(old), Given.LATER_OPERATION);
        }
        store.staging().discard(Given.LATER_OPERATION);
        store.trash().empty(Given.LATER_OPERATION);

        assertThat(place.resolve("overlay.raw")).hasContent("new");
        assertThat(found().version()).isEqualTo(2);
        assertThat(store.staging().entries()).isEmpty();
        assertThat(store.trash().entries()).isEmpty();
    }

    @Test
    void aReaderFindsTheOldOrTheNewAtEveryInstant() throws Exception {
        var current = publish("0");
        var stop = new AtomicBoolean();
        Callable<Integer> reader = () -> {
            var reads = 0;
            while (!stop.get() || reads == 0) {
                assertThat(store.instances().find(Given.INSTANCE)).isInstanceOf(Found.Present.class);
                assertThat(Files.readString(place.resolve("overlay.raw"))).isNotEmpty();
                reads++;
            }
            return reads;
        };

        try (var executor = Executors.newSingleThreadExecutor()) {
            var reads = executor.submit(reader);
            try {
                for (var i = 0; i < 30; i++) {
                    var next = next(current);
                    store.instances()
                            .replaceInPlace(
                                    current.version(), staged(Given.LATER_OPERATION, "n"), next, Given.LATER_OPERATION);
                    store.trash().empty(Given.LATER_OPERATION);
                    current = next;
                }
            } finally {
                stop.set(true);
            }

            assertThat(reads.get()).isPositive();
        }
    }

    @Test
    void ofManyWhoChangeOneVersionExactlyOneSucceeds() throws Exception {
        var first = publish("first");
        var rivals = new ArrayList<Callable<Commit>>();
        for (var i = 0; i < 8; i++) {
            // a store each, as if they were processes of their own
            var rival = Given.store(data);
            rivals.add(() -> rival.instances().replaceManifest(1, next(first)));
        }

        var outcomes = new ArrayList<Commit>();
        try (var executor = Executors.newFixedThreadPool(8)) {
            for (var outcome : executor.invokeAll(rivals)) {
                outcomes.add(outcome.get());
            }
        }

        assertThat(outcomes).containsOnlyOnce(new Commit.Done());
        outcomes.remove(new Commit.Done());
        assertThat(outcomes).hasSize(7).containsOnly(new Commit.VersionConflict(Given.INSTANCE.value(), 1, 2));
    }

    @Test
    void aChangeOfAnotherVersionOrOfWhatIsGoneChangesNothing() throws IOException {
        var first = publish("first");
        var second = next(first);
        store.instances().replaceManifest(1, second);

        var stale = store.instances().replaceInPlace(1, staged(Given.OPERATION, "stale"), next(first), Given.OPERATION);
        store.instances().trash(Given.INSTANCE, Given.LATER_OPERATION);
        var gone = store.instances().replaceManifest(2, next(second));

        assertThat(stale).isEqualTo(new Commit.VersionConflict(Given.INSTANCE.value(), 1, 2));
        assertThat(gone).isEqualTo(new Commit.Gone(Given.INSTANCE.value()));
        assertThat(place).doesNotExist();
    }

    @Test
    void aManifestOfAVersionThatDoesNotFollowIsAMistake() throws IOException {
        var third = next(next(publish("first")));

        assertThatThrownBy(() -> store.instances().replaceManifest(1, third))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDeleteDoneAgainFindsWhatItMoved() throws IOException {
        var manifest = publish("first");

        var once = store.instances().trash(Given.INSTANCE, Given.LATER_OPERATION);
        var again = store.instances().trash(Given.INSTANCE, Given.LATER_OPERATION);
        var another = store.instances().trash(Given.INSTANCE, Given.OPERATION);

        assertThat(once).isEqualTo(new Found.Present<>(manifest));
        assertThat(again).isEqualTo(once);
        assertThat(another).isEqualTo(new Found.Absent<>());
        assertThat(store.instances().find(Given.INSTANCE)).isEqualTo(new Found.Absent<>());
    }

    @Test
    void emptyingTheTrashFollowsNoLinks() throws IOException {
        var elsewhere = Given.write(data.resolve("elsewhere/kept"), "kept");
        publish("first");
        Files.createSymbolicLink(place.resolve("link"), elsewhere.resolveSibling(""));
        Files.createSymbolicLink(place.resolve("dir"), data.resolve("elsewhere"));
        store.instances().trash(Given.INSTANCE, Given.LATER_OPERATION);

        store.trash().empty(Given.LATER_OPERATION);
        store.trash().empty(Given.LATER_OPERATION);

        assertThat(elsewhere).hasContent("kept");
        assertThat(store.trash().entries()).isEmpty();
        assertThat(store.instances().trashed(Given.INSTANCE, Given.LATER_OPERATION))
                .isEmpty();
    }

    @Test
    void whatADyingWriterLeftBesideTheManifestGoesWithTheNextChange() throws IOException {
        var first = publish("first");
        var leftover = Given.write(place.resolve(".metadata.json.dead.tmp"), "half");

        store.instances().replaceManifest(1, next(first));

        assertThat(leftover).doesNotExist();
        assertThat(Given.contents(place)).containsOnlyKeys("metadata.json", "overlay.raw");
    }

    private InstanceManifest publish(String content) throws IOException {
        var manifest = Given.instance(InstanceState.STOPPED);
        store.instances().publishNew(staged(Given.OPERATION, content), manifest);
        store.staging().discard(Given.OPERATION);
        return manifest;
    }

    private Path staged(OperationId operation, String content) throws IOException {
        var staged = Given.attempt(store, operation).resolve("instance");
        Given.write(staged.resolve("overlay.raw"), content);
        return staged;
    }

    private static InstanceManifest next(InstanceManifest current) {
        return current.next(
                Metadata.restored(
                        Given.json(Given.METADATA),
                        current.metadata(),
                        Given.INSTANCE,
                        Path.of("/data/guests", Given.INSTANCE.value()),
                        Given.NOW),
                InstanceState.STOPPED,
                false,
                current.applied().settling(Given.LATER_OPERATION));
    }

    private InstanceManifest found() throws IOException {
        return ((Found.Present<InstanceManifest>) store.instances().find(Given.INSTANCE)).manifest();
    }
}
