package dev.snapfork.simulation;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.TreeDigest;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.store.MemoryFile.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The digests of files as they are, and of what they decode to; a file is read again when it has changed. */
final class Contents {
    /** What changes with a file. */
    record Stamp(Object key, long bytes, long nanos) {
        static Stamp of(Path file) throws IOException {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    Objects.requireNonNull(attributes.fileKey()),
                    attributes.size(),
                    attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS));
        }
    }

    private final Map<Stamp, ContentDigest> digests = new HashMap<>();
    private final Map<Stamp, ContentDigest> decoded = new HashMap<>();
    private final MemoryCodec codec;
    private final Path scratch;

    /** @param scratch a file that nobody else uses */
    Contents(MemoryCodec codec, Path scratch) {
        this.codec = codec;
        this.scratch = scratch;
    }

    ContentDigest digest(Path file) throws IOException {
        var stamp = Stamp.of(file);
        var known = digests.get(stamp);
        if (known == null) {
            known = TreeDigest.of(file);
            digests.put(stamp, known);
        }
        return known;
    }

    /** Of the memory that the file holds. */
    ContentDigest decoded(Path file, Encoding encoding) throws IOException {
        if (encoding == Encoding.RAW) {
            return digest(file);
        }
        var stamp = Stamp.of(file);
        var known = decoded.get(stamp);
        if (known == null) {
            known = codec.decode(file, scratch, Job.standard().withoutSync()).rawDigest();
            Files.delete(scratch);
            decoded.put(stamp, known);
        }
        return known;
    }
}
