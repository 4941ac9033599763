package dev.snapfork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.snapshot.CompressionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionTest {
    Path data;
    PayloadStore store;
    Path guest;
    Path snapshot;

    @BeforeEach
    void anotherDaemonsDirectory(@TempDir Path fresh) throws IOException {
        data = fresh;
        store = Given.store(data);
        guest = store.layout().guest(Given.INSTANCE);
        snapshot = store.layout().snapshot(Given.SNAPSHOT);
        Given.write(guest.resolve("metadata.json"), Given.METADATA);
        Given.write(guest.resolve("overlay.raw"), "disk");
        Given.write(snapshot.resolve("snapshot.json"), Given.SNAPSHOT_JSON);
        Given.write(snapshot.resolve("guest/snapshots/snapshot-latest/memory-ranges"), "memory");
        Given.write(snapshot.resolve("guest/snapshots/snapshot-latest/memory-ranges.zst.tmp"), "half");
        Given.write(snapshot.resolve("guest/memory-17.tmp"), "half");
    }

    @Test
    void whatAnotherDaemonLeftIsFoundAndNotTouched() throws IOException {
        var before = Given.contents(data);

        var findings = scan();

        assertThat(findings).hasSize(2);
        assertThat(findings.get(0)).isInstanceOfSatisfying(Finding.AnInstance.class, found -> {
            assertThat(found.ours()).isFalse();
            assertThat(found.manifest().version()).isEqualTo(1);
        });
        assertThat(findings.get(1)).isInstanceOfSatisfying(Finding.ASnapshot.class, found -> {
            assertThat(found.ours()).isFalse();
            assertThat(found.manifest().snapshot().compressionState()).isEqualTo(CompressionState.COMPRESSING);
            assertThat(found.manifest().files())
                    .containsExactly(new PayloadFile("snapshots/snapshot-latest/memory-ranges", 6, null));
        });
        assertThat(Given.contents(data)).isEqualTo(before);
    }

    @Test
    void whatWasAdoptedIsOursAndTheHalfWrittenIsGone() throws IOException {
        var manifests = scan();
        store.adoption().adopt(Given.INSTANCE);
        store.adoption().adopt(Given.SNAPSHOT);

        var findings = scan();

        assertThat(findings).hasSize(2);
        assertThat(findings.get(0)).isInstanceOfSatisfying(Finding.AnInstance.class, found -> {
            assertThat(found.ours()).isTrue();
            assertThat(found.manifest().instance())
                    .isEqualTo(
                            ((Finding.AnInstance) manifests.get(0)).manifest().instance());
        });
        assertThat(findings.get(1)).isInstanceOfSatisfying(Finding.ASnapshot.class, found -> {
            assertThat(found.ours()).isTrue();
            assertThat(found.manifest().snapshot())
                    .isEqualTo(((Finding.ASnapshot) manifests.get(1)).manifest().snapshot());
        });
        assertThat(Given.contents(snapshot.resolve("guest")))
                .containsOnlyKeys("snapshots/snapshot-latest/memory-ranges");
    }

    @Test
    void adoptingAgainChangesNothingThatHappenedSince() throws IOException {
        store.adoption().adopt(Given.SNAPSHOT);
        var adopted = ((Found.Present<SnapshotManifest>) store.snapshots().find(Given.SNAPSHOT)).manifest();
        var settled = adopted.with(adopted.applied().settling(Given.OPERATION));
        store.snapshots().replaceManifest(1, settled);
        var inProgress = Given.write(snapshot.resolve("guest/memory-ours.zst.tmp"), "half");

        var commit = store.adoption().adopt(Given.SNAPSHOT);

        assertThat(commit).isEqualTo(new Commit.Done());
        assertThat(inProgress).exists();
        assertThat(store.snapshots().find(Given.SNAPSHOT))
                .isInstanceOfSatisfying(
                        Found.Present.class, found -> assertThat(((SnapshotManifest) found.manifest()).applied())
                                .isEqualTo(settled.applied()));
    }

    @Test
    void whatIsDamagedIsReportedLeftAsItIsAndHidesNothing() throws IOException {
        var guests = store.layout().guests();
        var snapshots = store.layout().snapshots();
        Given.write(guests.resolve("b".repeat(24) + "/metadata.json"), "garbage");
        Given.write(guests.resolve("c".repeat(24) + "/metadata.json"), "");
        Files.createDirectories(guests.resolve("d".repeat(24) + "/metadata.json"));
        Files.createDirectory(guests.resolve("e".repeat(24)));
        Given.write(guests.resolve("f".repeat(24) + "/metadata.json"), Given.METADATA);
        Given.write(guests.resolve("g".repeat(24)), "a file");
        Files.createSymbolicLink(guests.resolve("h".repeat(24)), guest);
        Files.createDirectory(guests.resolve("Not-An-Id"));
        Given.write(snapshots.resolve("b".repeat(24) + "/snapshot.json"), "[".repeat(100_000));
        Given.write(snapshots.resolve("c".repeat(24) + "/snapshot.json"), Given.SNAPSHOT_JSON);
        Given.sparse(snapshots.resolve("d".repeat(24) + "/snapshot.json"), 1L << 40);
        var before = tree();

        var findings = scan();

        assertThat(findings).hasSize(13);
        assertThat(findings).filteredOn(Finding.Unreadable.class::isInstance).hasSize(11);
        assertThat(findings)
                .contains(
                        new Finding.Unreadable("guests/Not-An-Id", "the name is not a valid id"),
                        new Finding.Unreadable("guests/" + "e".repeat(24), "metadata.json is missing"),
                        new Finding.Unreadable("guests/" + "d".repeat(24), "metadata.json is not a regular file"),
                        new Finding.Unreadable("guests/" + "h".repeat(24), "is not a directory"),
                        new Finding.Unreadable(
                                "guests/" + "f".repeat(24), "Id names another instance: " + Given.INSTANCE));
        assertThat(tree()).isEqualTo(before);
    }

    private List<Finding> scan() throws IOException {
        var all = new ArrayList<Finding>();
        store.adoption().scan(all::add);
        return all;
    }

    private List<Path> tree() throws IOException {
        try (var all = Files.walk(data)) {
            return all.sorted().toList();
        }
    }
}
