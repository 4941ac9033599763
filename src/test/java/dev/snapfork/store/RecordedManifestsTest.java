package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.contract.RecordedRecord;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.log.WireJson;
import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests as a version of the service wrote them: never changed, since they lie in data directories. */
class RecordedManifestsTest {
    private static final Path RECORDED = Path.of("src", "test", "resources", "records", "store");
    private static final String INSTANCE = "nhdl57t0fd5ahhwqep4gtabm";
    private static final String COMPRESSED = "ckrk1ujkma4dazquiwc6pw7a";

    private PayloadStore store;

    @BeforeEach
    void copyThemIntoADataDirectory(@TempDir Path data) throws IOException {
        try (var files = Files.walk(RECORDED)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var copy = data.resolve(RECORDED.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        store = Given.store(data);
    }

    private static <T> T present(Found<T> found) {
        assertThat(found).isInstanceOf(Found.Present.class);
        return ((Found.Present<T>) found).manifest();
    }

    private static JsonNode recorded(String file) throws IOException {
        return WireJson.mapper().readTree(RECORDED.resolve(file).toFile());
    }

    @ParameterizedTest
    @ValueSource(strings = {COMPRESSED, "v4nkhb7pgx72yoxb5gbfsgva"})
    void aSnapshotIsReadAndNothingOfItIsPassedOver(String id) throws IOException {
        var manifest = present(store.snapshots().find(new SnapshotId(id)));

        assertThat(RecordedRecord.lost(
                        recorded("snapshots/" + id + "/snapshot.json"), SnapshotManifestJson.write(manifest)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({INSTANCE + ", recovered-15ui97u-1, false", "oj63hfij2pf67l36ouxt85ta, fork-15ui97u-2, true"})
    void anInstanceIsWhatItsRecordSays(String id, String name, boolean due) throws IOException {
        var manifest = present(store.instances().find(new InstanceId(id)));

        assertThat(RecordedRecord.lost(recorded("guests/" + id + "/metadata.json"), manifest.metadata()))
                .isEmpty();
        var instance = manifest.instance();
        assertThat(instance.name()).isEqualTo(name);
        assertThat(instance.state()).isEqualTo(InstanceState.STANDBY);
        assertThat(instance.hasSnapshot()).isTrue();
        assertThat(instance.hypervisor()).isEqualTo(Hypervisor.CLOUD_HYPERVISOR);
        assertThat(instance.version()).isEqualTo(1);
        assertThat(Metadata.isIdentityDue(manifest.metadata())).isEqualTo(due);
        var last = Objects.requireNonNull(manifest.applied().last());
        assertThat(manifest.applied().settled(Objects.requireNonNull(last.operation())))
                .isTrue();
    }

    @Test
    void aScheduleIsReadAndNothingOfItIsPassedOver() throws IOException {
        var manifest = present(store.schedules().find(new InstanceId(INSTANCE)));

        assertThat(RecordedRecord.lost(recorded("schedules/" + INSTANCE + ".json"), manifest.document()))
                .isEmpty();
    }

    @Test
    void aFindingIsReadAndNothingOfItIsPassedOver() throws IOException {
        var entry = store.health().find(COMPRESSED).entry().orElseThrow();

        store.health().remove(COMPRESSED);
        assertThat(store.health().put(0, entry)).isTrue();

        var written = WireJson.mapper()
                .readTree(store.layout().health().resolve(COMPRESSED + ".json").toFile());
        assertThat(RecordedRecord.lost(recorded("health/" + COMPRESSED + ".json"), written))
                .isEmpty();
    }
}
