package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.Durable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** One JSON object in one file, replaced as a whole. Numbers that are not ours come back with every digit they had. */
final class ManifestFile {
    /** A manifest is kept in memory while it is read; what is larger was not written by anyone in good faith. */
    static final int MAX_BYTES = 64 << 20;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS);

    private ManifestFile() {}

    static ObjectNode newObject() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The node that reading the number gives, so that what is written equals what is read. */
    static NumericNode number(long value) {
        var nodes = JsonNodeFactory.instance;
        return value == (int) value ? nodes.numberNode((int) value) : nodes.numberNode(value);
    }

    /**
     * Reads the file.
     *
     * @throws DamagedRecordException if it is missing, is no regular file or does not hold one JSON object
     * @throws IOException if the storage fails
     */
    static ObjectNode read(Path file) throws DamagedRecordException, IOException {
        var name = file.getFileName();
        // asked before it is opened: opening a named pipe would wait for its writer
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            throw new DamagedRecordException(
                    Files.exists(file, NOFOLLOW_LINKS) ? name + " is not a regular file" : name + " is missing");
        }
        DiskFaults.before(Step.DISK_READ);
        try (var channel = Files.newByteChannel(file, READ)) {
            if (channel.size() > MAX_BYTES) {
                throw new DamagedRecordException(name + " is larger than " + MAX_BYTES + " bytes");
            }
            var bytes = Channels.newInputStream(channel).readNBytes(MAX_BYTES);
            if (JSON.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
            throw new DamagedRecordException(name + " is not a JSON object");
        } catch (JacksonException e) {
            throw new DamagedRecordException(name + " is not JSON: " + e.getOriginalMessage());
        } catch (NoSuchFileException e) {
            throw new DamagedRecordException(name + " is missing");
        }
    }

    /**
     * Puts the object in place of the file's content, on stable storage; a reader sees the old or the new one.
     *
     * @param by the directory that the new one is written in before it is renamed
     * @throws IOException after which either of the two is there, whole
     */
    static void write(Path file, ObjectNode object, Path by) throws IOException {
        Durable.writeAtomically(file, bytes(file, object), by);
    }

    /** Puts the object where no reader looks yet, in place of what is there; not synced. */
    static void create(Path file, ObjectNode object) throws IOException {
        // removed and not overwritten: it may be a link out of the directory
        Files.deleteIfExists(file);
        DiskFaults.before(Step.DISK_WRITE);
        Files.write(file, bytes(file, object), StandardOpenOption.CREATE_NEW);
    }

    private static byte[] bytes(Path file, ObjectNode object) throws IOException {
        var bytes = JSON.writeValueAsBytes(object);
        if (bytes.length > MAX_BYTES) {
            throw new IOException(file.getFileName() + " would be larger than " + MAX_BYTES
                    + " bytes: the payload has too many files");
        }
        return bytes;
    }

    /**
     * Removes what writers of the file that died left beside it; for whoever alone may write it.
     *
     * @see Durable#writeAtomically
     */
    static void sweep(Path file) throws IOException {
        var prefix = "." + file.getFileName() + ".";
        var leftovers = Filesystems.entries(Filesystems.directoryOf(file), entry -> {
            var name = entry.getFileName().toString();
            return name.startsWith(prefix) && name.endsWith(".tmp");
        });
        for (var leftover : leftovers) {
            Files.deleteIfExists(leftover);
        }
    }
}
