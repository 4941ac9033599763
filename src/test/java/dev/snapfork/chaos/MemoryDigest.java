package dev.snapfork.chaos;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import net.jpountz.lz4.LZ4FrameInputStream;

/** SHA-256 of the memory that a directory holds, decoded by the libraries' own readers and nothing of the service's. */
final class MemoryDigest {
    private static final String MEMORY = "snapshots/snapshot-latest/memory-ranges";
    private static final int BUFFER = 1 << 20;

    private MemoryDigest() {}

    /** Empty if it holds none. More than one is an error. */
    static Optional<String> of(Path directory) throws IOException {
        var raw = directory.resolve(MEMORY);
        var found = Optional.<String>empty();
        for (var suffix : new String[] {"", ".zst", ".lz4"}) {
            var file = raw.resolveSibling(raw.getFileName() + suffix);
            if (Files.exists(file)) {
                if (found.isPresent()) {
                    throw new IOException("there is more than one memory file in " + directory);
                }
                try (var stream = Files.newInputStream(file)) {
                    found = Optional.of(digest(decoded(stream, suffix)));
                }
            }
        }
        return found;
    }

    private static InputStream decoded(InputStream stream, String suffix) throws IOException {
        return switch (suffix) {
            case ".zst" -> new ZstdInputStreamNoFinalizer(stream).setContinuous(false);
            case ".lz4" -> new LZ4FrameInputStream(stream);
            default -> stream;
        };
    }

    private static String digest(InputStream stream) throws IOException {
        try (var digested = new DigestInputStream(stream, MessageDigest.getInstance("SHA-256"))) {
            var buffer = new byte[BUFFER];
            while (digested.read(buffer) >= 0) {
                // only the digest is wanted
            }
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
