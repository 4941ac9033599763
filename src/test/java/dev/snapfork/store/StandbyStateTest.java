package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test of a crash makes by hand what it leaves, and does what the retry does. */
class StandbyStateTest {
    private Path directory = Path.of("");
    private Path staged = Path.of("");
    private StandbyState state = new StandbyState(Path.of(""));

    @BeforeEach
    void instance(@TempDir Path fresh) throws IOException {
        directory = Files.createDirectory(fresh.resolve("guest"));
        staged = Files.createDirectory(fresh.resolve("staged"));
        state = new StandbyState(directory);
    }

    private void live(String memory) throws IOException {
        state.makeLive();
        Files.writeString(state.liveMemory(), memory);
    }

    private void saved(String memory) throws IOException {
        Files.createDirectories(state.latest());
        Files.writeString(state.latest().resolve("memory"), memory);
    }

    @Test
    void fromLiveToStandbyAndBackItIsOneFileThatTheMonitorHasOpen() throws IOException {
        live("memory");
        try (var open = FileChannel.open(state.liveMemory())) {
            Files.move(state.liveMemory(), staged.resolve("memory"));
            Files.writeString(staged.resolve("state"), "devices");
            state.install(staged);

            assertThat(staged).doesNotExist();
            assertThat(state.latest().resolve("memory")).hasContent("memory");
            assertThat(state.latest().resolve("state")).hasContent("devices");

            state.toLive();
            assertThat(state.liveMemory()).hasContent("memory");
            assertThat(state.latest().resolve("memory")).doesNotExist();
            assertThat(state.latest().resolve("state")).exists();
            assertThat(Channels.newInputStream(open)).hasContent("memory");
        }
        state.dropSaved();
        assertThat(state.latest()).doesNotExist();
        assertThat(state.liveMemory()).hasContent("memory");
    }

    @Test
    void toLiveDoneAgainDoesNothing() throws IOException {
        saved("memory");
        state.toLive();
        state.toLive();

        assertThat(state.liveMemory()).hasContent("memory");
    }

    @Test
    void withNothingSavedThereIsNothingToMove() throws IOException {
        state.toLive();
        assertThat(directory).isEmptyDirectory();

        Files.createDirectories(state.latest());
        Files.createSymbolicLink(state.latest().resolve("memory"), Path.of("/etc/hostname"));
        state.toLive();
        assertThat(state.liveMemory()).doesNotExist();
    }

    @Test
    void memoryThatIsLiveIsNeverReplacedByWhatWasSavedBefore() throws IOException {
        live("newer");
        saved("older");

        state.toLive();

        assertThat(state.liveMemory()).hasContent("newer");
    }

    @Test
    void diedAfterTheMemoryWasStagedTheMemoryIsFoundInStandbyOrLive() throws IOException {
        // renamed into staging, which is not yet installed: the monitor still has the file
        live("memory");
        Files.move(state.liveMemory(), staged.resolve("memory"));

        state.install(staged);
        state.toLive();

        assertThat(state.liveMemory()).hasContent("memory");
    }

    @Test
    void diedAfterTheOldStateWasRemovedTheStagedOneIsInstalled() throws IOException {
        saved("older");
        TreeRemoval.remove(state.latest());
        Files.writeString(staged.resolve("memory"), "newer");

        state.install(staged);

        assertThat(state.latest().resolve("memory")).hasContent("newer");
        assertThat(state.latest().getParent()).isDirectoryContaining(path -> path.equals(state.latest()));
    }

    @Test
    void anotherInstallationTakesThePlaceOfTheOneBefore() throws IOException {
        saved("older");
        Files.writeString(state.latest().resolve("left over"), "");
        Files.writeString(staged.resolve("state"), "newer");

        state.install(staged);

        assertThat(state.latest().toFile().list()).containsExactly("state");
    }

    @Test
    void whereTheInstanceIsGoneNothingIsMade() throws IOException {
        Files.delete(directory);

        assertThatThrownBy(() -> state.install(staged)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(state::makeLive).isInstanceOf(NoSuchFileException.class);
        state.toLive();
        state.dropLive();
        state.dropSaved();
        assertThat(directory).doesNotExist();
    }

    @Test
    void whatIsDroppedMayBeGone() throws IOException {
        live("memory");
        saved("saved");

        state.dropLive();
        state.dropLive();
        state.dropSaved();
        state.dropSaved();

        assertThat(state.liveMemory().getParent()).doesNotExist();
        assertThat(state.latest()).doesNotExist();
    }
}
