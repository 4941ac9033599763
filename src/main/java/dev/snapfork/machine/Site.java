package dev.snapfork.machine;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * Where the machines of one data directory have what is this host's alone, such as sockets. Services on one data directory and one
 * host agree on it without asking each other.
 *
 * @param directory below which each instance has one of its own
 * @param mark stands for the data directory in the labels of processes
 */
public record Site(Path directory, String mark) {
    private static final int MARK_BYTES = 4;

    /**
     * The site of a data directory, which is there.
     *
     * @param runtime short, of this host, for this user alone; made if it is not there
     * @throws IOException also if it is another user's, who could put sockets of theirs there
     */
    public static Site of(Path runtime, Path data) throws IOException {
        var mark = mark(data.toRealPath());
        var directory = runtime.toAbsolutePath().resolve(mark);
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        requireOwn(runtime.toAbsolutePath());
        requireOwn(directory);
        return new Site(directory, mark);
    }

    private static void requireOwn(Path directory) throws IOException {
        var self = Files.getOwner(Path.of("/proc/self"));
        if (!Files.isDirectory(directory, NOFOLLOW_LINKS)
                || !Files.getOwner(directory, NOFOLLOW_LINKS).equals(self)) {
            throw new IOException(directory + " is not a directory of user " + self.getName()
                    + ": set snapfork.machines.runtime-dir to one that is");
        }
    }

    private static String mark(Path data) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(data.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, MARK_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The home of a machine that an operation starts. */
    MachineHome home(InstanceId id, OperationId operation, Path directory) {
        return new MachineHome(directory, runtime(id), label(id) + operation.value());
    }

    Path runtime(InstanceId id) {
        return directory.resolve(id.value());
    }

    /** The instances that have something here. */
    Set<InstanceId> instances() throws IOException {
        var all = new HashSet<InstanceId>();
        try (var entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (var entry : entries) {
                if (Cuid.isValid(entry.getFileName().toString())) {
                    all.add(new InstanceId(entry.getFileName().toString()));
                }
            }
        }
        return Set.copyOf(all);
    }

    /** Whether the instance has something here. */
    boolean knows(InstanceId id) {
        return Files.exists(runtime(id));
    }

    /** Removes what an instance without a machine has left here. */
    void forget(InstanceId id) throws IOException {
        var runtime = runtime(id);
        if (Files.isDirectory(runtime)) {
            try (var entries = Files.newDirectoryStream(runtime)) {
                for (var entry : entries) {
                    Files.deleteIfExists(entry);
                }
            }
            Files.deleteIfExists(runtime);
        }
    }

    /** What the labels of an instance's processes begin with. */
    String label(InstanceId id) {
        return mark + "/" + id.value() + "/";
    }
}
