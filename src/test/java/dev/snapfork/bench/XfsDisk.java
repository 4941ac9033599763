package dev.snapfork.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** An XFS in a file, mounted; gone when it is closed. */
final class XfsDisk implements AutoCloseable {
    private static final long BYTES = 8L << 30;

    private final Path file;
    private final Path mount;
    private boolean mounted = true;

    private XfsDisk(Path file, Path mount) {
        this.file = file;
        this.mount = mount;
    }

    /** @throws IOException when this user or this machine cannot; nothing is left then */
    static XfsDisk mount(Path work) throws IOException {
        var file = work.resolve("xfs.disk");
        var mount = Files.createDirectories(work.resolve("xfs"));
        try {
            try (var disk = new RandomAccessFile(file.toFile(), "rw")) {
                disk.setLength(BYTES);
            }
            Command.of("mkfs.xfs", "-q", "-f", file.toString()).run();
            Command.of("mount", "-o", "loop", file.toString(), mount.toString()).run();
            return new XfsDisk(file, mount);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            Files.delete(mount);
            throw e;
        }
    }

    Path path() {
        return mount;
    }

    @Override
    public synchronized void close() throws IOException {
        if (mounted) {
            Command.of("umount", mount.toString()).run();
            mounted = false;
            Files.delete(mount);
            Files.delete(file);
        }
    }
}
