package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snapfork.store.Space.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceTest {
    private static final long MIB = 1 << 20;
    private static final long FREE = 1000 * MIB;

    Path data;
    PayloadStore store;
    long kept;

    @BeforeEach
    void leaveSoMuch(@TempDir Path fresh) throws IOException {
        data = fresh;
        store = Given.store(data);
        // others use the disk as well: what is asked for below leaves them room
        kept = Files.getFileStore(data).getUsableSpace() - FREE;
        assumeTrue(kept > 0, "needs a gigabyte free on the disk of the temporary directory");
    }

    private Answer reserve(PayloadStore through, Attempt by, long mebibytes) throws IOException {
        return through.space().reserve(by, mebibytes * MIB, kept);
    }

    private Attempt attempt(String name) throws IOException {
        return store.staging().open(Given.OPERATION, name);
    }

    @Test
    void whatIsReservedIsNotThereForOthersOnWhateverWorker() throws IOException {
        var first = reserve(store, attempt("first"), 600);
        var second = reserve(Given.store(data), attempt("second"), 600);
        var third = reserve(Given.store(data), attempt("third"), 200);

        assertThat(first).isInstanceOf(Answer.Granted.class);
        assertThat(second).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.needed()).isEqualTo(600 * MIB);
            assertThat(refused.free()).isBetween(200 * MIB, 600 * MIB);
        });
        assertThat(third).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void whatWasGivenBackIsThereAgain() throws IOException {
        var first = attempt("first");
        ((Answer.Granted) reserve(store, first, 600)).reservation().close();

        assertThat(reserve(store, attempt("second"), 600)).isInstanceOf(Answer.Granted.class);
        assertThat(first.directory()).isEmptyDirectory();
    }

    @Test
    void theReservationOfAnAttemptThatDiedGoesWithIt() throws IOException {
        reserve(store, attempt("died"), 600);
        var next = attempt("next");
        next.takeOver(false);

        assertThat(reserve(store, next, 600)).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void whatWasWrittenIsOccupiedAndNoLongerReserved() throws IOException {
        var first = attempt("first");
        reserve(store, first, 600);
        Files.write(first.fresh("snapshot").resolve("memory"), new byte[(int) (200 * MIB)]);
        // as if the disk had been that much larger before: the free space has gone down by what was written
        kept -= 200 * MIB;

        assertThat(reserve(store, attempt("second"), 450)).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void ofManyAtOnceNoMoreAreGrantedThanThereIsRoomFor() throws Exception {
        var rivals = new ArrayList<Callable<Answer>>();
        for (var i = 0; i < 8; i++) {
            var rival = Given.store(data);
            var attempt = attempt("rival-" + i);
            rivals.add(() -> reserve(rival, attempt, 280));
        }

        var granted = 0;
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var rival : threads.invokeAll(rivals)) {
                granted += rival.get() instanceof Answer.Granted ? 1 : 0;
            }
        }

        assertThat(granted).isBetween(2, 3);
    }
}
