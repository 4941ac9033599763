package dev.snapfork.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryCacheTest {
    private static final int SIZE = 64 << 10;
    private static final SnapshotId ONE = new SnapshotId("a".repeat(24));
    private static final SnapshotId OTHER = new SnapshotId("b".repeat(24));

    private final List<IOException> complaints = new ArrayList<>();
    private Path directory = Path.of("");
    private TestSpace space = new TestSpace(directory, 0);
    private MemoryCache cache = new MemoryCache(null, space, Duration.ZERO, complaints::add);
    private int made;

    @BeforeEach
    void place(@TempDir Path fresh) throws IOException {
        directory = fresh;
        given(10 * SIZE);
    }

    @AfterEach
    void everythingElseIsOnDisk() throws IOException {
        assertThat(kept()).hasSize(cache.figures().entries());
    }

    private void given(long maxBytes) throws IOException {
        space = new TestSpace(Files.createDirectories(directory.resolve("cache")), maxBytes);
        cache = new MemoryCache(null, space, Duration.ofMinutes(1), complaints::add);
    }

    @Test
    void theFirstForkPaysNoCopyAndTheSecondFillsTheCache() throws Exception {
        assertThat(fork("a")).isEqualTo("decoded");
        assertThat(kept()).isEmpty();

        assertThat(fork("a")).isEqualTo("decoded");
        assertThat(fork("a")).isEqualTo("copied");

        assertThat(cache.figures()).isEqualTo(new CacheFigures(1, 2, 0, 0, SIZE, 1));
    }

    @Test
    void whereCopiesAreFreeTheFirstForkFillsTheCache() throws Exception {
        space.reflinks = true;

        assertThat(fork("a")).isEqualTo("decoded");

        assertThat(fork("a")).isEqualTo("copied");
    }

    @Test
    void theLeastRecentlyUsedEntryMakesRoom() throws Exception {
        given(2 * SIZE);
        keep("a", "b");
        fork("a");

        keep("c");

        assertThat(isKept("a")).isTrue();
        assertThat(isKept("b")).isFalse();
        assertThat(isKept("c")).isTrue();
        assertThat(cache.figures().bytes()).isEqualTo(2 * SIZE);
        assertThat(cache.figures().evictions()).isEqualTo(1);
    }

    @Test
    void anEntryThatIsBeingCopiedIsNotEvicted() throws Exception {
        given(SIZE);
        keep("a");
        try (var copying = (Turn.Cached) turn("a", ONE)) {
            keep("b");
            assertThat(cache.evictUnused()).isZero();

            copying.copyTo(directory.resolve("copy"), () -> false);
        }

        assertThat(directory.resolve("copy")).hasBinaryContent(content("a"));
        assertThat(isKept("b")).isFalse();
        assertThat(cache.evictUnused()).isEqualTo(SIZE);
        assertThat(cache.figures().bytes()).isZero();
    }

    @Test
    void memoryLargerThanTheCacheIsNotKeptAndEvictsNothing() throws Exception {
        given(SIZE);
        keep("a");

        try (var decode = (Turn.Decode) turn("large", ONE)) {
            decode.decoded(Files.write(directory.resolve("large"), new byte[2 * SIZE]));
        }
        try (var decode = (Turn.Decode) turn("large", ONE)) {
            decode.decoded(directory.resolve("large"));
        }

        assertThat(isKept("a")).isTrue();
        assertThat(cache.figures().evictions()).isZero();
    }

    @Test
    void theCacheNeverOccupiesMoreThanAQuarterOfWhatIsFreeWithoutIt() throws Exception {
        keep("a", "b", "c", "d");
        space.capacity = 8L * SIZE;

        fork("e");

        assertThat(cache.figures().bytes()).isEqualTo(2 * SIZE);
        assertThat(isKept("c")).isTrue();
        assertThat(isKept("d")).isTrue();
    }

    @Test
    void aDiskThatFillsUpWhileTheCacheIsFilledSpoilsNoFork() throws Exception {
        fork("a");
        space.failure = new IOException("No space left on device");

        assertThat(fork("a")).isEqualTo("decoded");

        assertThat(complaints).containsExactly(space.failure);
        assertThat(cache.figures()).isEqualTo(new CacheFigures(0, 2, 0, 1, 0, 0));
        space.failure = null;
        fork("a");
        assertThat(isKept("a")).isTrue();
    }

    @Test
    void whatIsKeptForADeletedSnapshotIsDropped() throws Exception {
        keep("a");

        cache.forget(ONE);

        assertThat(kept()).isEmpty();
        assertThat(fork("a")).isEqualTo("decoded");
    }

    @Test
    void equalMemoryOfAnotherSnapshotIsKept() throws Exception {
        keep("a");
        turn("a", OTHER).close();

        cache.forget(ONE);
        assertThat(isKept("a")).isTrue();
        cache.forget(ONE);
        cache.forget(OTHER);

        assertThat(kept()).isEmpty();
    }

    @Test
    void anEntryThatIsDroppedWhileItIsCopiedIsWholeUntilThen() throws Exception {
        keep("a");
        try (var copying = (Turn.Cached) turn("a", ONE)) {
            cache.forget(ONE);
            assertThat(turn("a", OTHER)).isInstanceOf(Turn.Decode.class);

            copying.copyTo(directory.resolve("copy"), () -> false);
        }

        assertThat(directory.resolve("copy")).hasBinaryContent(content("a"));
        assertThat(kept()).isEmpty();
        assertThat(cache.figures().bytes()).isZero();
    }

    @Test
    void memoryOfASnapshotThatWasDeletedWhileItWasDecodedIsNotKept() throws Exception {
        fork("a");
        try (var decode = (Turn.Decode) turn("a", ONE)) {
            cache.forget(ONE);

            decode.decoded(decoding("a"));
        }

        assertThat(cache.figures().bytes()).isZero();
    }

    @Test
    void theSweepDropsWhatOtherProcessesDeleted() throws Exception {
        keep("a");
        turn("b", OTHER).close();
        try (var decode = (Turn.Decode) turn("b", OTHER)) {
            decode.decoded(decoding("b"));
        }

        cache.sweep(OTHER::equals);

        assertThat(isKept("a")).isFalse();
        assertThat(turn("b", OTHER)).isInstanceOf(Turn.Cached.class);
    }

    @Test
    void aFileThatSomebodyRemovedIsDecodedAnew() throws Exception {
        keep("a");
        Files.delete(kept().getFirst());

        try (var copying = (Turn.Cached) turn("a", ONE)) {
            assertThatThrownBy(() -> copying.copyTo(directory.resolve("copy"), () -> false))
                    .isInstanceOf(NoSuchFileException.class);
        }

        assertThat(directory.resolve("copy")).doesNotExist();
        assertThat(fork("a")).isEqualTo("decoded");
        assertThat(fork("a")).isEqualTo("copied");
    }

    @Test
    void aCopyIsAFileOfItsOwn() throws Exception {
        keep("a");
        try (var copying = (Turn.Cached) turn("a", ONE)) {
            copying.copyTo(directory.resolve("copy"), () -> false);
        }

        Files.writeString(directory.resolve("copy"), "overwritten");

        assertThat(kept().getFirst()).hasBinaryContent(content("a"));
        assertThat(Files.getAttribute(directory.resolve("copy"), "unix:nlink")).isEqualTo(1);
    }

    @Test
    void aCacheThatIsOffKeepsNothing() throws Exception {
        given(0);

        keep("a");

        assertThat(kept()).isEmpty();
        assertThat(fork("a")).isEqualTo("decoded");
    }

    private Turn turn(String memory, SnapshotId asker) throws InterruptedException {
        return cache.turn(new MemoryKey(memory), asker, () -> false);
    }

    /** Forks as a worker does; says how the memory was come by. */
    private String fork(String memory) throws IOException, InterruptedException {
        try (var turn = turn(memory, ONE)) {
            return switch (turn) {
                case Turn.Cached cached -> {
                    var copy = directory.resolve("fork-" + ++made);
                    cached.copyTo(copy, () -> false);
                    assertThat(copy).hasBinaryContent(content(memory));
                    yield "copied";
                }
                case Turn.Decode decode -> {
                    decode.decoded(decoding(memory));
                    yield "decoded";
                }
            };
        }
    }

    private void keep(String... memories) throws IOException, InterruptedException {
        for (var memory : memories) {
            fork(memory);
            fork(memory);
        }
    }

    private boolean isKept(String memory) throws InterruptedException {
        try (var turn = turn(memory, ONE)) {
            return turn instanceof Turn.Cached;
        }
    }

    private Path decoding(String memory) throws IOException {
        return Files.write(directory.resolve("decoded-" + ++made), content(memory));
    }

    private static byte[] content(String memory) {
        var content = new byte[SIZE];
        java.util.Arrays.fill(content, (byte) memory.charAt(0));
        return content;
    }

    private List<Path> kept() throws IOException {
        try (var files = Files.list(directory.resolve("cache"))) {
            return files.toList();
        }
    }
}
