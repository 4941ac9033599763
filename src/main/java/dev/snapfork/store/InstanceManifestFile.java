package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** {@code metadata.json} in an instance's directory, ours or as another daemon left it. */
final class InstanceManifestFile {
    private InstanceManifestFile() {}

    /** @param by the directory that it is written in before it is renamed */
    static void write(Path directory, InstanceManifest manifest, Path by) throws IOException {
        ManifestFile.write(directory.resolve(Layout.METADATA), manifest.metadata(), by);
    }

    static AsFound<InstanceManifest> read(Path directory, InstanceId id) throws DamagedRecordException, IOException {
        var file = directory.resolve(Layout.METADATA);
        var document = ManifestFile.read(file);
        var ours = new Fields("", document).object(InstanceManifest.OURS);
        if (ours == null) {
            return new AsFound<>(adopted(directory, id, document), false);
        }
        // stored and not looked up: metadata and directory could be of two versions, read while one replaces the other
        var standing = new InstanceJson.Standing(
                ours.required(InstanceManifest.STATE, InstanceState::parse),
                ours.nonEmptyText(InstanceManifest.STATE_ERROR),
                ours.flag(InstanceManifest.HAS_SNAPSHOT),
                AppliedJson.readVersion(ours));
        var instance = InstanceJson.read(id, document, standing, Instant.EPOCH);
        return new AsFound<>(new InstanceManifest(instance, document, AppliedJson.read(ours)), true);
    }

    /** An instance that somebody else's daemon left: its state is not stored, and no machine of it runs any more. */
    private static InstanceManifest adopted(Path directory, InstanceId id, ObjectNode document)
            throws DamagedRecordException, IOException {
        var latest = Files.isDirectory(directory.resolve(Layout.LATEST), NOFOLLOW_LINKS);
        var standing =
                new InstanceJson.Standing(latest ? InstanceState.STANDBY : InstanceState.STOPPED, null, latest, 1);
        var written = Files.getLastModifiedTime(directory.resolve(Layout.METADATA), NOFOLLOW_LINKS);
        var instance = InstanceJson.read(id, document, standing, written.toInstant());
        // what was derived is written down, so that it stays what it is
        document.put("CreatedAt", instance.createdAt().toString());
        document.put("Name", instance.name());
        document.put("HypervisorType", instance.hypervisor().text());
        return InstanceManifest.of(id, document, standing, Applied.NOTHING);
    }
}
