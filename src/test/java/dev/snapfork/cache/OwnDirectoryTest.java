package dev.snapfork.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnDirectoryTest {
    private static final Duration WAIT = Duration.ofSeconds(60);

    private Path parent = Path.of("");

    @BeforeEach
    void place(@TempDir Path fresh) {
        parent = fresh.resolve("cache/memory");
    }

    @Test
    void whatACrashedProcessLeftIsRemovedAndNotUsed() throws Exception {
        var dead = Files.createDirectories(parent.resolve("dead"));
        Files.writeString(dead.resolve("lock"), "");
        Files.writeString(dead.resolve("1"), "unsynced");
        Files.writeString(dead.resolve("2.tmp"), "half");

        try (var cache = open()) {
            assertThat(dead).doesNotExist();
            assertThat(cache.figures().entries()).isZero();
        }
    }

    @Test
    void aRemovalThatWasInterruptedIsTakenUpAgain() throws Exception {
        var dead = Files.createDirectories(parent.resolve("dead"));

        open().close();

        assertThat(dead).doesNotExist();
    }

    @Test
    void aDirectoryOfALivingProcessIsLeftAlone() throws Exception {
        var theirs = Files.createDirectories(parent.resolve("theirs"));
        var lock = Files.createFile(theirs.resolve("lock"));
        var entry = Files.writeString(theirs.resolve("1"), "memory");
        var holder = holding(lock);
        try {
            open().close();

            assertThat(entry).exists();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        open().close();
        assertThat(theirs).doesNotExist();
    }

    /** Another process that holds the lock until it is ended. */
    private static Process holding(Path lock) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var holder = new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(holder.inputReader().readLine()).isEqualTo("locked");
        return holder;
    }

    /** Holds a lock for at most a minute. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                System.out.println(lock.isValid() ? "locked" : "not locked");
                TimeUnit.MINUTES.sleep(1);
            }
        }
    }

    @Test
    void twoCachesOfOneProcessLeaveEachOtherAlone() throws Exception {
        try (var one = open();
                var other = open()) {
            keep(one);
            assertThat(one.figures().entries()).isEqualTo(1);
            assertThat(other.figures().entries()).isZero();
            assertThat(parent).isDirectoryContaining("glob:**");
            try (var turn = one.turn(new MemoryKey("m"), new SnapshotId("a".repeat(24)), () -> false)) {
                ((Turn.Cached) turn).copyTo(parent.resolve("copy"), () -> false);
            }
        }
        assertThat(parent.resolve("copy")).hasContent("memory");
    }

    @Test
    void aCacheThatIsClosedLeavesNothing() throws Exception {
        try (var cache = open()) {
            keep(cache);
        }

        assertThat(parent).isEmptyDirectory();
    }

    private MemoryCache open() throws IOException {
        return MemoryCache.open(parent, 1 << 20, WAIT, e -> {});
    }

    private void keep(MemoryCache cache) throws Exception {
        var memory = Files.writeString(parent.resolveSibling("decoded"), "memory");
        for (var i = 0; i < 2; i++) {
            try (var turn = cache.turn(new MemoryKey("m"), new SnapshotId("a".repeat(24)), () -> false)) {
                if (turn instanceof Turn.Decode decode) {
                    decode.decoded(memory);
                }
            }
        }
    }
}
