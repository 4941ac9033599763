package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.file.ContentDigest;
import dev.snapfork.snapshot.SnapshotId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code snapshot.json}: two objects of the upstream's, and one of ours beside them. */
final class SnapshotManifestJson {
    static final String OURS = "snapfork";
    static final String SNAPSHOT = "snapshot";
    static final String STORED = "stored_metadata";
    private static final String FILES = "files";
    private static final String MEMORY = "memory";
    private static final String INCOMING = "incoming";

    private SnapshotManifestJson() {}

    static SnapshotManifest read(SnapshotId id, ObjectNode document) throws DamagedRecordException {
        var root = new Fields("", document);
        var ours = required(root, OURS);
        var stored = storedMetadata(root);
        var files = files(ours, FILES);
        var snapshot = SnapshotJson.read(
                id,
                required(root, SNAPSHOT),
                stored,
                AppliedJson.readVersion(ours),
                Payload.bytes(files),
                Instant.EPOCH);
        return new SnapshotManifest(
                snapshot,
                stored.node(),
                files,
                memory(ours.object(MEMORY)),
                files(ours, INCOMING),
                AppliedJson.read(ours),
                document);
    }

    static Fields required(Fields root, String key) throws DamagedRecordException {
        var object = root.object(key);
        if (object == null) {
            throw root.wrong(key, "is missing");
        }
        return object;
    }

    /** The captured metadata, of which it is certain that an instance can be made from them. */
    static Fields storedMetadata(Fields root) throws DamagedRecordException {
        var stored = required(root, STORED);
        StoredMetadata.check(stored);
        return stored;
    }

    private static List<PayloadFile> files(Fields ours, String key) throws DamagedRecordException {
        var files = new ArrayList<PayloadFile>();
        for (var file : ours.objects(key)) {
            files.add(file(file));
        }
        return files;
    }

    private static PayloadFile file(Fields fields) throws DamagedRecordException {
        var bytes = fields.count("bytes");
        if (bytes == null) {
            throw fields.wrong("bytes", "is missing");
        }
        return new PayloadFile(path(fields), bytes, fields.parsed("digest", ContentDigest::new));
    }

    private static @Nullable MemoryFile memory(@Nullable Fields fields) throws DamagedRecordException {
        return fields == null
                ? null
                : new MemoryFile(
                        path(fields),
                        fields.count("raw_bytes"),
                        fields.parsed("raw_digest", ContentDigest::new),
                        fields.count("data_bytes"));
    }

    private static String path(Fields fields) throws DamagedRecordException {
        return fields.required("path", path -> {
            RelativePath.require(path);
            return path;
        });
    }

    static ObjectNode write(SnapshotManifest manifest) {
        var document = manifest.document();
        var snapshot = document.get(SNAPSHOT) instanceof ObjectNode known ? known : document.putObject(SNAPSHOT);
        SnapshotJson.write(snapshot, manifest.snapshot());
        document.set(STORED, manifest.storedMetadata());
        var ours = document.get(OURS) instanceof ObjectNode known ? known : document.putObject(OURS);
        AppliedJson.write(ours, manifest.version(), manifest.applied());
        write(ours.putArray(FILES), manifest.files());
        ours.remove(List.of(MEMORY, INCOMING));
        var memory = manifest.memory();
        if (memory != null) {
            var node = ours.putObject(MEMORY).put("path", memory.path());
            if (memory.rawBytes() != null) {
                node.put("raw_bytes", memory.rawBytes());
            }
            if (memory.rawDigest() != null) {
                node.put("raw_digest", memory.rawDigest().value());
            }
            if (memory.dataBytes() != null) {
                node.put("data_bytes", memory.dataBytes());
            }
        }
        if (!manifest.incoming().isEmpty()) {
            write(ours.putArray(INCOMING), manifest.incoming());
        }
        return document;
    }

    private static void write(ArrayNode array, List<PayloadFile> files) {
        for (var file : files) {
            var node = array.addObject().put("path", file.path()).put("bytes", file.bytes());
            if (file.digest() != null) {
                node.put("digest", file.digest().value());
            }
        }
    }
}
