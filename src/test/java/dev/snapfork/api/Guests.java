package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.ConfigProvider;

/** Puts the directories of machines where they can be imported, and imports them. */
public final class Guests {
    static final long MEMORY_BYTES = 8L << 20;
    private static final long DISK_BYTES = 16L << 20;
    private static final int ONE_IN = 5;
    private static final String LATEST = "snapshots/snapshot-latest";
    private static final Duration SOON = Duration.ofSeconds(10);
    /** Tests with a profile have this class again, and count from the beginning, against the same database. */
    private static final String LOADED =
            Integer.toUnsignedString(ThreadLocalRandom.current().nextInt(), 36);

    private static final AtomicLong COUNT = new AtomicLong();

    private final Path data;
    private final ApiClient api;

    public Guests(Path data, ApiClient api) {
        this.data = data;
        this.api = api;
    }

    static Guests ofTheService(ApiClient api) {
        return new Guests(Path.of(ConfigProvider.getConfig().getValue("snapfork.data-dir", String.class)), api);
    }

    /** A name that no other test uses. */
    public static String newName(String what) {
        return what + "-" + LOADED + "-" + COUNT.incrementAndGet();
    }

    Path data() {
        return data;
    }

    /** What a command worked with goes when its end has been published: soon after its caller knows. */
    void leaveNothingBehind() {
        for (var place : List.of("staging", "trash")) {
            var left = Eventually.see(SOON, () -> data.resolve(place).toFile().list(), entries -> entries.length == 0);
            assertThat(left).isEmpty();
        }
    }

    Path importDirectory(String name) {
        return data.resolve("import").resolve(name);
    }

    Path guest(String instance) {
        return data.resolve("guests").resolve(instance);
    }

    Path snapshot(String id) {
        return data.resolve("snapshots").resolve(id);
    }

    Path payload(String snapshot) {
        return snapshot(snapshot).resolve("guest");
    }

    /** Where an instance in standby keeps its memory. */
    Path memory(String instance) {
        return guest(instance).resolve(LATEST).resolve("memory-ranges");
    }

    /** A directory with disks, a link and what is left out of copies, ready to be imported as Stopped. */
    public Path stopped(String name) {
        try {
            var directory = Files.createDirectories(importDirectory(name));
            try (var disk = FileChannel.open(
                    directory.resolve("overlay.raw"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                disk.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 1 << 20);
                disk.write(ByteBuffer.wrap(new byte[] {4}), DISK_BYTES - 1);
            }
            Files.writeString(directory.resolve("config.ext4"), "configuration of " + name);
            Files.createSymbolicLink(directory.resolve("rootfs"), Path.of("/images/base.ext4"));
            Files.createDirectories(directory.resolve("logs"));
            Files.writeString(directory.resolve("logs").resolve("console.log"), "booted");
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with memory and device state, ready to be imported as Standby. */
    Path standby(String name) {
        return standby(name, MEMORY_BYTES, ONE_IN);
    }

    /** @param oneIn one of so many stretches of the memory holds data */
    public Path standby(String name, long memoryBytes, int oneIn) {
        var directory = stopped(name);
        try {
            var latest = Files.createDirectories(directory.resolve(LATEST));
            MemoryImage.write(latest.resolve("memory-ranges"), memoryBytes, oneIn, name.hashCode());
            Files.writeString(latest.resolve("state.json"), "{\"devices\":[]}");
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Imports what lies there, under the same name. */
    Answer imported(String name, String state, String more) {
        return api.post(
                "/instances/import",
                "{\"name\":\"%s\",\"hypervisor\":\"cloud-hypervisor\",\"state\":\"%s\",\"directory\":\"%s\"%s}"
                        .formatted(name, state, name, more));
    }

    /** The id of a new instance in Stopped. */
    public String newStopped() {
        var name = newName("stopped");
        stopped(name);
        return imported(name, "Stopped", "").expect(201).id();
    }

    /** The id of a new instance in Standby. */
    public String newStandby() {
        return newStandby("");
    }

    /** @param more further fields of the request, after a comma */
    String newStandby(String more) {
        var name = newName("standby");
        standby(name);
        return imported(name, "Standby", more).expect(201).id();
    }
}
