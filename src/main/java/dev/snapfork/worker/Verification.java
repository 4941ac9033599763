package dev.snapfork.worker;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.DirectDigest;
import dev.snapfork.memory.CorruptMemoryException;
import dev.snapfork.memory.Decoded;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.PayloadFile;
import dev.snapfork.store.SnapshotManifest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of one snapshot and compares them with what its manifest says. What was read counts on if the manifest
 * changes meanwhile and still says the same of that file.
 */
final class Verification {
    private static final int MOST_NAMED = 3;
    /** What the kernel says of a disk that does not give back what was written: EIO, EUCLEAN, EBADMSG. */
    private static final Set<String> DISK_TROUBLE =
            Set.of("Input/output error", "Structure needs cleaning", "Bad message");

    private final Path payload;
    private final DirectDigest.Gate gate;
    private final Decoder decoder;
    private final Map<String, ContentDigest> read = new HashMap<>();
    private @Nullable Decoded decoded;

    /** Decodes a file of compressed memory to see whether it can be. */
    interface Decoder {
        Decoded decode(Path compressed) throws IOException;
    }

    Verification(Path payload, DirectDigest.Gate gate, Decoder decoder) {
        this.payload = payload;
        this.gate = gate;
        this.decoder = decoder;
    }

    /** What came out of it, as far as the manifest is still the same. */
    sealed interface Verdict {
        /**
         * Everything is there and as it was captured.
         *
         * @param files with their digests, also those that were not known
         * @param memory likewise
         */
        record Whole(List<PayloadFile> files, @Nullable MemoryFile memory) implements Verdict {}

        record Broken(String problem) implements Verdict {}
    }

    /**
     * Reads what has not been read.
     *
     * @throws java.util.concurrent.CancellationException if the gate says so
     * @throws IOException for what does not lie with the files
     */
    Verdict compare(SnapshotManifest manifest) throws IOException {
        read.entrySet().removeIf(seen -> !manifest.accepts(seen.getKey(), seen.getValue()));
        var problems = new ArrayList<String>();
        for (var file : manifest.files()) {
            var problem = read.containsKey(file.path()) ? null : look(file, manifest);
            if (problem != null) {
                problems.add(file.path() + " " + problem);
            }
        }
        var memory = manifest.memory();
        if (problems.isEmpty() && memory != null) {
            memory = memory(memory, manifest, problems);
        }
        if (!problems.isEmpty()) {
            return new Verdict.Broken(summary(problems));
        }
        return new Verdict.Whole(
                manifest.files().stream()
                        .map(file -> new PayloadFile(file.path(), file.bytes(), read.get(file.path())))
                        .toList(),
                memory);
    }

    private @Nullable String look(PayloadFile file, SnapshotManifest manifest) throws IOException {
        var path = payload.resolve(file.path());
        try {
            if (!Files.isRegularFile(path, NOFOLLOW_LINKS)) {
                return Files.exists(path, NOFOLLOW_LINKS) ? "is no regular file" : "is missing";
            }
            var bytes = Files.size(path);
            if (listed(file, manifest).noneMatch(one -> one.bytes() == bytes)) {
                return "has " + bytes + " bytes instead of " + file.bytes();
            }
            var digest = DirectDigest.of(path, gate);
            if (!manifest.accepts(file.path(), digest)) {
                return "does not hold what was captured: its digest is different";
            }
            read.put(file.path(), digest);
            return null;
        } catch (NoSuchFileException e) {
            return "is missing";
        } catch (EOFException e) {
            return "became shorter while it was read";
        } catch (IOException e) {
            return unreadable(e);
        }
    }

    private static Stream<PayloadFile> listed(PayloadFile file, SnapshotManifest manifest) {
        return Stream.concat(Stream.of(file), manifest.incoming().stream())
                .filter(one -> one.path().equals(file.path()));
    }

    /** Files whose digest is known were verified when they were written; of others it is found out what they decode to. */
    private @Nullable MemoryFile memory(MemoryFile memory, SnapshotManifest manifest, List<String> problems)
            throws IOException {
        var file = manifest.file(memory.path()).orElse(null);
        if (file == null) {
            problems.add(memory.path() + " is not listed");
            return null;
        }
        if (memory.encoding() == MemoryFile.Encoding.RAW) {
            return new MemoryFile(memory.path(), file.bytes(), read.get(memory.path()), memory.dataBytes());
        }
        if (file.digest() != null && memory.rawDigest() != null) {
            return memory;
        }
        try {
            var whole = decoded == null ? decoder.decode(payload.resolve(memory.path())) : decoded;
            decoded = whole;
            if (memory.rawDigest() != null && !memory.rawDigest().equals(whole.rawDigest())) {
                problems.add(memory.path() + " does not decode to what was captured: its digest is different");
            }
            return new MemoryFile(memory.path(), whole.uncompressedBytes(), whole.rawDigest(), whole.dataBytes());
        } catch (NoSuchFileException e) {
            problems.add(memory.path() + " is missing");
        } catch (CorruptMemoryException e) {
            problems.add(memory.path() + " cannot be decoded: " + e.getMessage());
        } catch (IOException e) {
            problems.add(memory.path() + " " + unreadable(e));
        }
        return null;
    }

    /** @throws IOException the same again if the disk has nothing to do with it */
    static String unreadable(IOException e) throws IOException {
        var message = Failures.explain(e);
        for (var trouble : DISK_TROUBLE) {
            if (message.contains(trouble)) {
                return "cannot be read: " + trouble;
            }
        }
        throw e;
    }

    private static String summary(List<String> problems) {
        var named = String.join("; ", problems.subList(0, Math.min(MOST_NAMED, problems.size())));
        return problems.size() <= MOST_NAMED ? named : named + "; and " + (problems.size() - MOST_NAMED) + " more";
    }
}
