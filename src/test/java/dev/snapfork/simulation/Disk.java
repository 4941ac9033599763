package dev.snapfork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.event.EventType;
import dev.snapfork.file.ContentDigest;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Layout;
import dev.snapfork.store.MemoryFiles;
import dev.snapfork.store.Payload;
import dev.snapfork.store.PayloadFile;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What lies in the data directory, looked at after each step that may have changed it: what is visible is whole and is what it should
 * be, versions only grow, what is gone stays gone, no two have one name, and what was acknowledged is there until it is deleted.
 */
final class Disk {
    private final PayloadStore store;
    private final Contents contents;
    private final Map<String, ContentDigest> memories = new HashMap<>();
    private final Map<OperationId, ContentDigest> imports = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, Contents.Stamp> stamps = new HashMap<>();
    private final Map<String, SnapshotManifest> snapshots = new TreeMap<>();
    private final Map<String, InstanceManifest> instances = new TreeMap<>();
    private final Set<String> gone = new HashSet<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> deletable = new HashSet<>();

    Disk(PayloadStore store, Contents contents) {
        this.store = store;
        this.contents = contents;
    }

    /** The command imports a machine with this memory. */
    void imports(OperationId by, ContentDigest memory) {
        imports.put(by, memory);
    }

    /** A client has been told that it is there. */
    void acknowledge(String id) {
        acknowledged.add(id);
    }

    /** Somebody has asked for it to be deleted. */
    void deletable(String id) {
        deletable.add(id);
    }

    /** Whether that version has been there. */
    boolean hasReached(String id, long version) {
        return versions.getOrDefault(id, 0L) >= version;
    }

    boolean isVisible(String id) {
        return snapshots.containsKey(id) || instances.containsKey(id);
    }

    Map<String, SnapshotManifest> snapshots() {
        return snapshots;
    }

    Map<String, InstanceManifest> instances() {
        return instances;
    }

    /** The machine runs on for a while; nobody is working on it. */
    void goOn(InstanceId id, long seed) throws IOException {
        var memory = store.layout().guest(id).resolve(Memories.MEMORY);
        memories.put(id.value(), Memories.write(memory, seed));
    }

    void look() {
        try {
            var present = new TreeSet<>(ids(store.layout().guests()));
            for (var id : present) {
                lookAtInstance(id);
            }
            var captured = ids(store.layout().snapshots());
            for (var id : captured) {
                lookAtSnapshot(id);
            }
            present.addAll(captured);
            hide(snapshots.keySet(), present);
            hide(instances.keySet(), present);
        } catch (IOException e) {
            throw new AssertionError("what is visible cannot be read: " + e, e);
        }
        assertNamesAreOnesOwn();
        for (var id : acknowledged) {
            if (!deletable.contains(id) && !isVisible(id)) {
                throw new AssertionError("acknowledged, never deleted, and gone: " + id);
            }
        }
    }

    private void hide(Set<String> known, Set<String> present) {
        known.removeIf(id -> {
            if (present.contains(id)) {
                return false;
            }
            gone.add(id);
            stamps.remove(id);
            return true;
        });
    }

    private static List<String> ids(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private void appeared(String id, long version) {
        if (gone.contains(id)) {
            throw new AssertionError("it came back: " + id);
        }
        var before = versions.getOrDefault(id, 0L);
        if (version < before) {
            throw new AssertionError(id + " went back from version " + before + " to " + version);
        }
        versions.put(id, version);
    }

    private void lookAtInstance(String id) throws IOException {
        var name = new InstanceId(id);
        var directory = store.layout().guest(name);
        var stamp = Contents.Stamp.of(directory.resolve("metadata.json"));
        var manifest = instances.get(id);
        if (manifest == null || !stamp.equals(stamps.get(id))) {
            if (!(store.instances().find(name) instanceof Found.Present<InstanceManifest>(var found))) {
                throw new AssertionError("not readable: instance " + id);
            }
            manifest = found;
            appeared(id, manifest.version());
            expect(manifest);
            instances.put(id, manifest);
            stamps.put(id, stamp);
            if (!Files.exists(directory.resolve("overlay.raw"))) {
                throw new AssertionError("no disk: instance " + id);
            }
            if (MemoryFiles.hasMachineState(directory) != manifest.instance().hasSnapshot()) {
                throw new AssertionError("memory is not what the metadata say: instance " + id);
            }
        }
        if (manifest.instance().hasSnapshot()) {
            requireMemory("instance " + id, memories.get(id), contents.digest(directory.resolve(Memories.MEMORY)));
        }
    }

    /** A new version of an instance says what its memory should be. */
    private void expect(InstanceManifest manifest) {
        var id = manifest.instance().id().value();
        var known = instances.get(id);
        var last = manifest.applied().last();
        if (last == null || (known != null && known.version() == manifest.version())) {
            return;
        }
        var memory = last.type().equals(EventType.INSTANCE_IMPORTED.wireName())
                ? imports.get(last.operation())
                : memories.get(String.valueOf(last.about()));
        if (memory == null || !manifest.instance().hasSnapshot()) {
            memories.remove(id);
        } else {
            memories.put(id, memory);
        }
    }

    private void lookAtSnapshot(String id) throws IOException {
        var name = new SnapshotId(id);
        var stamp = Contents.Stamp.of(store.layout().snapshot(name).resolve("snapshot.json"));
        var manifest = snapshots.get(id);
        if (manifest == null || !stamp.equals(stamps.get(id))) {
            if (!(store.snapshots().find(name) instanceof Found.Present<SnapshotManifest>(var found))) {
                throw new AssertionError("not readable: snapshot " + id);
            }
            appeared(id, found.version());
            var source = found.snapshot().sourceInstanceId().value();
            if (manifest == null && found.memory() != null) {
                memories.put(id, java.util.Objects.requireNonNull(memories.get(source), "memory of " + source));
            }
            manifest = found;
            snapshots.put(id, manifest);
            stamps.put(id, stamp);
        }
        var payload = store.layout().payload(name);
        for (var file : manifest.files()) {
            var place = payload.resolve(file.path());
            try {
                if (!manifest.accepts(file.path(), contents.digest(place))) {
                    throw new AssertionError("other content than captured: " + place);
                }
            } catch (NoSuchFileException e) {
                throw new AssertionError("the manifest names what is not there: " + place, e);
            }
        }
        var memory = manifest.memory();
        if (memory != null) {
            var decoded = contents.decoded(payload.resolve(memory.path()), memory.encoding());
            requireMemory("snapshot " + id, memories.get(id), decoded);
        }
    }

    private static void requireMemory(
            String whose, @org.jspecify.annotations.Nullable ContentDigest wanted, ContentDigest found) {
        if (!found.equals(wanted)) {
            throw new AssertionError("another memory than it should have: " + whose);
        }
    }

    private void assertNamesAreOnesOwn() {
        var names = new HashSet<String>();
        for (var manifest : instances.values()) {
            if (!names.add("instances/" + manifest.instance().name())) {
                throw new AssertionError(
                        "two instances are called " + manifest.instance().name());
            }
        }
        for (var manifest : snapshots.values()) {
            var snapshot = manifest.snapshot();
            if (snapshot.name() != null && !names.add(snapshot.sourceInstanceId() + "/" + snapshot.name())) {
                throw new AssertionError("two snapshots are called " + snapshot.name());
            }
        }
    }

    /** Whose names are taken rightly. */
    Set<String> named() {
        var named = new TreeSet<>(instances.keySet());
        snapshots.forEach((id, manifest) -> {
            if (manifest.snapshot().name() != null) {
                named.add(id);
            }
        });
        return named;
    }

    /** What holds when all has settled and been put in order. */
    void assertInOrder() throws IOException {
        look();
        Layout layout = store.layout();
        assertThat(ids(layout.staging())).as("staging").isEmpty();
        assertThat(ids(layout.trash())).as("trash").isEmpty();
        for (var manifest : snapshots.values()) {
            assertThat(Payload.list(layout.payload(manifest.snapshot().id())))
                    .extracting(PayloadFile::path)
                    .containsExactlyInAnyOrderElementsOf(
                            manifest.files().stream().map(PayloadFile::path).toList());
            assertThat(manifest.snapshot().compressionState()).isNotEqualTo(CompressionState.COMPRESSING);
        }
        try (Stream<Path> files = Files.walk(layout.data())) {
            assertThat(files.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
        }
    }
}
