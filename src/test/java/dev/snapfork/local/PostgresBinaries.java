package dev.snapfork.local;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once from the Maven artifact for this machine. Only their library form is taken from the
 * artifact's project: it runs PostgreSQL through pg_ctl, while here the server is a child process of the launcher.
 *
 * @param bin the directory of {@code initdb} and {@code postgres}
 */
record PostgresBinaries(Path bin) {
    /**
     * @param directory where they are, or will be; several processes may unpack there at once
     * @throws LaunchException when no artifact for this machine is on the class path
     */
    static PostgresBinaries in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Path draft = Files.createTempDirectory(directory.toAbsolutePath().getParent(), "unpacking-");
            // PostgreSQL's own user must be able to read what root unpacks
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
            try {
                unpack(draft);
                Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                // another process was faster
                Trees.delete(draft);
                if (!Files.isDirectory(directory)) {
                    throw e;
                }
            }
        }
        return new PostgresBinaries(directory.resolve("bin").toRealPath());
    }

    private static void unpack(Path target) throws IOException {
        String machine = System.getProperty("os.arch");
        try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system(), machine)) {
            if (archive == null) {
                throw new LaunchException("No PostgreSQL binaries for " + system() + " on " + machine + ".");
            }
            try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    write(entry, tar, target);
                }
            }
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("entry outside of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, target.resolve(entry.getLinkName()));
        } else {
            Files.copy(content, path);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static String system() {
        return System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
    }
}
