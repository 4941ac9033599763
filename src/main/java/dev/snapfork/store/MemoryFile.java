package dev.snapfork.store;

import dev.snapfork.file.ContentDigest;
import org.jspecify.annotations.Nullable;

/**
 * Where a payload keeps the machine's memory, and what the memory is once decoded.
 *
 * @param path relative to the payload's directory
 * @param rawBytes apparent size of the memory when decoded; null where that is not known yet
 * @param rawDigest of the memory when decoded; null where that is not known yet
 * @param dataBytes what the memory occupies when decoded, at most; null where that is not known yet
 */
public record MemoryFile(
        String path,
        @Nullable Long rawBytes,
        @Nullable ContentDigest rawDigest,
        @Nullable Long dataBytes) {
    /** How the file holds the memory; its name says so. */
    public enum Encoding {
        RAW(""),
        ZSTD(".zst"),
        LZ4(".lz4");

        private final String suffix;

        Encoding(String suffix) {
            this.suffix = suffix;
        }

        /** What the encoding adds to the raw file's name. */
        public String suffix() {
            return suffix;
        }
    }

    public MemoryFile {
        RelativePath.require(path);
    }

    /** A memory file of which nothing but its place is known. */
    public static MemoryFile at(String path) {
        return new MemoryFile(path, null, null, null);
    }

    public Encoding encoding() {
        return path.endsWith(Encoding.ZSTD.suffix)
                ? Encoding.ZSTD
                : path.endsWith(Encoding.LZ4.suffix) ? Encoding.LZ4 : Encoding.RAW;
    }

    /** Where the decoded memory belongs: what the hypervisor reads. */
    public String rawPath() {
        return path.substring(0, path.length() - encoding().suffix.length());
    }

    /** The same memory, held in another way. */
    public MemoryFile as(Encoding other) {
        return new MemoryFile(rawPath() + other.suffix, rawBytes, rawDigest, dataBytes);
    }
}
