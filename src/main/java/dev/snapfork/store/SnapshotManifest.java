package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.file.ContentDigest;
import dev.snapfork.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The truth of a snapshot: {@code snapshot.json}.
 *
 * @param snapshot what the API shows
 * @param storedMetadata the captured instance's metadata, unknown keys included; a copy, to be changed freely
 * @param files every regular file of the payload
 * @param memory the one of them that holds the machine's memory; null where there is none, or it is opaque
 * @param incoming files that were about to take the place of the one with the same path in {@code files} and perhaps have;
 *     while they are named here, any of these contents is good
 * @param document the file as it was last read, for the keys that nobody here knows; empty for a new snapshot
 */
public record SnapshotManifest(
        Snapshot snapshot,
        ObjectNode storedMetadata,
        List<PayloadFile> files,
        @Nullable MemoryFile memory,
        List<PayloadFile> incoming,
        Applied applied,
        ObjectNode document) {

    public SnapshotManifest {
        storedMetadata = storedMetadata.deepCopy();
        files = List.copyOf(files);
        incoming = List.copyOf(incoming);
        document = document.deepCopy();
    }

    /** The manifest of a snapshot that is new here. */
    public static SnapshotManifest first(
            Snapshot snapshot,
            ObjectNode storedMetadata,
            List<PayloadFile> files,
            @Nullable MemoryFile memory,
            Applied applied) {
        return new SnapshotManifest(
                snapshot, storedMetadata, files, memory, List.of(), applied, ManifestFile.newObject());
    }

    @Override
    public ObjectNode storedMetadata() {
        return storedMetadata.deepCopy();
    }

    @Override
    public ObjectNode document() {
        return document.deepCopy();
    }

    public long version() {
        return snapshot.version();
    }

    /** What {@link Snapshot#sizeBytes} is to say. */
    public long payloadBytes() {
        return Payload.bytes(files);
    }

    /** The listed file of that path. */
    public Optional<PayloadFile> file(String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }

    public SnapshotManifest with(Snapshot changed, Applied newlyApplied) {
        return new SnapshotManifest(changed, storedMetadata, files, memory, incoming, newlyApplied, document);
    }

    public SnapshotManifest with(Applied newlyApplied) {
        return with(snapshot, newlyApplied);
    }

    /** The same payload with its memory in another file; the snapshot's sizes are the caller's to set. */
    public SnapshotManifest withMemory(MemoryFile other, PayloadFile file) {
        if (!other.path().equals(file.path())) {
            throw new IllegalArgumentException("not the file of that memory: " + file.path());
        }
        var all = new ArrayList<>(files);
        all.removeIf(listed -> listed.path().equals(file.path())
                || (memory != null && listed.path().equals(memory.path())));
        all.add(file);
        return new SnapshotManifest(snapshot, storedMetadata, all, other, List.of(), applied, document);
    }

    /** The same state, announcing that the listed file of that path is about to be renamed over. */
    SnapshotManifest announcing(PayloadFile replacement) {
        var all = new ArrayList<>(incoming);
        all.remove(replacement);
        all.add(replacement);
        return new SnapshotManifest(snapshot, storedMetadata, files, memory, all, applied, document);
    }

    /** Whether a file with this digest is what the payload should have at that path; true also where no digest is known. */
    public boolean accepts(String path, ContentDigest digest) {
        return Stream.concat(files.stream(), incoming.stream())
                .filter(file -> file.path().equals(path))
                .anyMatch(file -> file.digest() == null || file.digest().equals(digest));
    }

    /** The same payload with other knowledge of its files: digests that were not known before. */
    public SnapshotManifest withFiles(List<PayloadFile> known, @Nullable MemoryFile knownMemory) {
        return new SnapshotManifest(snapshot, storedMetadata, known, knownMemory, incoming, applied, document);
    }
}
