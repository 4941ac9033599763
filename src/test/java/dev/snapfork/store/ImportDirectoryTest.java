package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.store.ImportDirectory.Resolution;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportDirectoryTest {
    Path data;
    PayloadStore store;
    Path imports;
    Attempt attempt;

    @BeforeEach
    void open(@TempDir Path fresh) throws IOException {
        data = fresh;
        store = Given.store(data);
        attempt = store.staging().open(Given.OPERATION, "attempt");
        imports = store.layout().imports();
        Given.write(imports.resolve("team/vm/overlay.raw"), "disk");
    }

    @Test
    void aDirectoryBelowImportBecomesAnInstanceByRename() throws IOException {
        var resolved = (Resolution.Importable) store.imports().resolve("team/vm", InstanceState.STOPPED);
        var manifest = manifest(resolved, InstanceState.STOPPED);

        var commit = store.imports().adopt(resolved.directory(), manifest, attempt);

        assertThat(commit).isEqualTo(new Commit.Done());
        assertThat(store.instances().find(Given.INSTANCE)).isEqualTo(new Found.Present<>(manifest));
        assertThat(Given.contents(store.layout().guest(Given.INSTANCE)))
                .containsEntry("overlay.raw", "disk")
                .hasSize(2);
        assertThat(resolved.directory()).doesNotExist();
    }

    @Test
    void anImportThatDiedBeforeItsRenameIsDoneAgainWithTheSameOutcome() throws IOException {
        var first = (Resolution.Importable) store.imports().resolve("team/vm", InstanceState.STOPPED);
        var manifest = manifest(first, InstanceState.STOPPED);
        InstanceManifestFile.write(first.directory(), manifest, first.directory());

        var again = (Resolution.Importable) store.imports().resolve("team/vm", InstanceState.STOPPED);
        var same = manifest(again, InstanceState.STOPPED);
        var commit = store.imports().adopt(again.directory(), same, attempt);
        var late = store.imports().adopt(again.directory(), same, attempt);

        assertThat(commit).isEqualTo(new Commit.Done());
        assertThat(late).isEqualTo(new Commit.Exists(Given.INSTANCE.value()));
        assertThat(same).isEqualTo(manifest);
    }

    @Test
    void metadataThatAreThereAreKept() throws IOException {
        Given.write(imports.resolve("team/vm/metadata.json"), Given.METADATA);

        var resolved = (Resolution.Importable) store.imports().resolve("team/vm", InstanceState.STOPPED);
        var instance = manifest(resolved, InstanceState.STOPPED).instance();

        assertThat(instance.env()).isEqualTo(Map.of("PORT", "80"));
        assertThat(instance.name()).isEqualTo("imported");
        assertThat(resolved.existing().has("FromTheFuture")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                ".",
                "..",
                "team/..",
                "team/../../guests",
                "../import/team/vm",
                "./team/vm",
                "team//vm",
                "team/vm/",
                "/team/vm",
                "team/vm\0",
                "nowhere",
                "team/vm/overlay.raw",
                "team/vm/overlay.raw/below"
            })
    void textThatLeadsNowhereBelowImportIsRefused(String text) throws IOException {
        var resolution = store.imports().resolve(text, InstanceState.STOPPED);

        assertThat(resolution).isInstanceOf(Resolution.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "link/below", "team/up/vm", "team/up"})
    void linksAreNeverFollowed(String text) throws IOException {
        Given.write(data.resolve("outside/below/overlay.raw"), "disk");
        Files.createSymbolicLink(imports.resolve("link"), data.resolve("outside"));
        Files.createSymbolicLink(imports.resolve("team/up"), Path.of("."));

        var resolution = store.imports().resolve(text, InstanceState.STOPPED);

        assertThat(resolution)
                .isEqualTo(new Resolution.Refused("directory \"" + text
                        + "\" leads over something that is not a directory (links are not followed)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "",
                "{",
                "\"text\"",
                "{\"Env\": 1}",
                "{\"Env\": {\"A\": \"a\\u0000b\"}}",
                "{\"Env\": {\"a\\u0000b\": \"A\"}}",
                "{\"Image\": \"a\\u0000b\"}",
                "{\"CreatedAt\": \"+999999999-01-01T00:00:00Z\"}",
                "{\"CreatedAt\": \"-0001-01-01T00:00:00Z\"}"
            })
    void metadataThatCannotBeUsedAreARefusalInWords(String content) throws IOException {
        Given.write(imports.resolve("team/vm/metadata.json"), content);

        var resolution = store.imports().resolve("team/vm", InstanceState.STOPPED);

        assertThat(resolution).isInstanceOfSatisfying(Resolution.Refused.class, refused -> assertThat(refused.why())
                .contains("metadata that cannot be used"));
    }

    @Test
    void metadataTooLargeForAnEventAreARefusalInWords() throws IOException {
        var env = IntStream.range(0, 5)
                .mapToObj(key -> "\"" + key + "\": \"" + "x".repeat(Fields.MAX_TEXT) + "\"")
                .collect(Collectors.joining(","));
        Given.write(imports.resolve("team/vm/metadata.json"), "{\"Env\": {" + env + "}}");

        var resolution = store.imports().resolve("team/vm", InstanceState.STOPPED);

        assertThat(resolution).isInstanceOfSatisfying(Resolution.Refused.class, refused -> assertThat(refused.why())
                .contains("Env has more than " + Fields.MAX_TEXTS + " characters in all"));
    }

    @Test
    void metadataBehindALinkAreRefused() throws IOException {
        var secret = Given.write(data.resolve("secret.json"), "{}");
        Files.createSymbolicLink(imports.resolve("team/vm/metadata.json"), secret);

        var resolution = store.imports().resolve("team/vm", InstanceState.STOPPED);

        assertThat(resolution).isInstanceOf(Resolution.Refused.class);
        assertThat(secret).hasContent("{}");
    }

    @Test
    void standbyNeedsMemoryAndStoppedMustHaveNone() throws IOException {
        var without = store.imports().resolve("team/vm", InstanceState.STANDBY);
        Given.write(imports.resolve("team/vm/snapshots/snapshot-latest/memory.zst"), "memory");
        var with = store.imports().resolve("team/vm", InstanceState.STANDBY);
        var stopped = store.imports().resolve("team/vm", InstanceState.STOPPED);

        assertThat(without).isInstanceOf(Resolution.Refused.class);
        assertThat(with).isInstanceOf(Resolution.Importable.class);
        assertThat(stopped).isInstanceOf(Resolution.Refused.class);
    }

    @Test
    void memoryBehindALinkIsNoMemory() throws IOException {
        Given.write(data.resolve("outside/memory"), "memory");
        Files.createDirectory(imports.resolve("team/vm/snapshots"));
        Files.createSymbolicLink(imports.resolve("team/vm/snapshots/snapshot-latest"), data.resolve("outside"));
        Files.createSymbolicLink(imports.resolve("team/vm/memory"), data.resolve("outside/memory"));

        var resolution = store.imports().resolve("team/vm", InstanceState.STANDBY);

        assertThat(resolution).isInstanceOf(Resolution.Refused.class);
    }

    @Test
    void opaqueMachineStateCountsAsMemory() throws IOException {
        Given.write(imports.resolve("team/vm/snapshots/snapshot-latest/machine-state.vzm"), "state");

        var resolution = store.imports().resolve("team/vm", InstanceState.STANDBY);

        assertThat(resolution).isInstanceOf(Resolution.Importable.class);
    }

    @Test
    void namedPipesAreRefusedAndSocketsAreNot() throws IOException {
        Resolution withSocket;
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(imports.resolve("team/vm/s")));
            withSocket = store.imports().resolve("team/vm", InstanceState.STOPPED);
        }
        Given.fifo(imports.resolve("team/vm/pipe"));
        var withPipe = store.imports().resolve("team/vm", InstanceState.STOPPED);

        assertThat(withSocket).isInstanceOf(Resolution.Importable.class);
        assertThat(withPipe)
                .isEqualTo(new Resolution.Refused("directory \"team/vm\" holds a named pipe or device: pipe"));
    }

    @ParameterizedTest
    @EnumSource(
            value = InstanceState.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STOPPED", "STANDBY"})
    void nothingIsImportedInAnotherState(InstanceState state) throws IOException {
        var resolution = store.imports().resolve("team/vm", state);

        assertThat(resolution).isInstanceOf(Resolution.Refused.class);
    }

    private InstanceManifest manifest(Resolution.Importable resolved, InstanceState state) {
        var metadata = Metadata.imported(
                resolved.existing(),
                Given.INSTANCE,
                "imported",
                Hypervisor.QEMU,
                Map.of("team", "blue"),
                null,
                store.layout().guest(Given.INSTANCE),
                Given.NOW);
        return InstanceManifest.first(
                Given.INSTANCE,
                metadata,
                state,
                state == InstanceState.STANDBY,
                Applied.NOTHING.settling(Given.OPERATION));
    }
}
