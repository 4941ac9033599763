package dev.snapfork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Imports instances into a service whose data directory is at hand. */
final class ImportedGuests {
    private final Path data;
    private final Api api;
    private int count;

    ImportedGuests(Path data, Api api) {
        this.data = data;
        this.api = api;
    }

    /** The id of a new instance in Standby that has this memory. */
    String standby(Image image) throws IOException {
        var name = newName();
        var memory = directory(name).resolve("snapshots/snapshot-latest/memory-ranges");
        Files.createDirectories(memory.getParent());
        Peer.copy(image.path(), memory).then(Peer.sync(memory)).run();
        return imported(name, "Standby");
    }

    /** The id of a new instance in Stopped that has next to nothing. */
    String stopped() throws IOException {
        var name = newName();
        Files.createDirectories(directory(name));
        Files.writeString(directory(name).resolve("overlay.raw"), "a small disk");
        return imported(name, "Stopped");
    }

    private String newName() {
        return "guest-" + ++count;
    }

    private Path directory(String name) {
        return data.resolve("import").resolve(name);
    }

    private String imported(String name, String state) throws IOException {
        return api.post(
                "/instances/import",
                "{\"name\":\"%s\",\"hypervisor\":\"qemu\",\"state\":\"%s\",\"directory\":\"%s\"}"
                        .formatted(name, state, name));
    }
}
