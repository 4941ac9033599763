package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.health.Health;
import dev.snapfork.health.HealthState;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about snapshots and instances: {@code health/{id}.json}, apart from their manifests. So a finding disturbs no
 * command that is about to change a manifest, and can be written down where no manifest can be read.
 */
public final class HealthRecords {
    private static final String SUFFIX = ".json";

    private final Layout layout;
    private final AggregateLocks locks;

    HealthRecords(Layout layout, AggregateLocks locks) {
        this.layout = layout;
        this.locks = locks;
    }

    /**
     * A finding as it is kept.
     *
     * @param operation the command that came across it; null if none did
     */
    public record Entry(Health health, @Nullable OperationId operation) {}

    /**
     * The last finding.
     *
     * @param version what the next one follows: that of the entry, 0 where there is none. A record that cannot be read counts
     *     as none, but the next version comes after all that it can have had: it is the time of its last change, in seconds.
     */
    public record Known(long version, Optional<Entry> entry) {}

    /** @throws IOException if the storage fails */
    public Known find(String id) throws IOException {
        var file = file(id);
        if (!Files.exists(file, NOFOLLOW_LINKS)) {
            return new Known(0, Optional.empty());
        }
        try {
            var entry = read(new Fields("", ManifestFile.read(file)));
            return new Known(entry.health().version(), Optional.of(entry));
        } catch (DamagedRecordException e) {
            return Files.exists(file, NOFOLLOW_LINKS)
                    ? new Known(
                            Files.getLastModifiedTime(file, NOFOLLOW_LINKS)
                                    .toInstant()
                                    .getEpochSecond(),
                            Optional.empty())
                    : new Known(0, Optional.empty());
        }
    }

    /**
     * Writes the finding in place of the last one.
     *
     * @param expected the version that it follows
     * @return false if another finding came first; nothing was changed then
     */
    public boolean put(long expected, Entry next) throws IOException {
        var id = next.health().id();
        return locks.holding(id, () -> {
            if (find(id).version() != expected) {
                return false;
            }
            ManifestFile.write(file(id), json(next), layout.health());
            return true;
        });
    }

    /** Forgets all findings about what is no more. */
    public void remove(String id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    /** Of what there are findings. */
    public List<String> ids() throws IOException {
        return Filesystems.entries(layout.health(), entry -> Cuid.isValid(id(entry))).stream()
                .map(HealthRecords::id)
                .toList();
    }

    /** Removes what writers that died before that time left half-written. */
    public void sweep(Instant before) throws IOException {
        for (var file : Filesystems.entries(
                layout.health(), entry -> entry.getFileName().toString().endsWith(".tmp"))) {
            if (Files.exists(file)
                    && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Path file(String id) {
        return layout.health().resolve(Cuid.require(id) + SUFFIX);
    }

    private static String id(Path file) {
        var name = file.getFileName().toString();
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
    }

    private static Entry read(Fields fields) throws DamagedRecordException {
        var version = fields.count("version");
        var checked = fields.time("checked_at");
        if (version == null || checked == null) {
            throw fields.wrong("version", "or checked_at is missing");
        }
        try {
            return new Entry(
                    new Health(
                            fields.required("subject", Health.Subject::parse),
                            fields.required("id", Cuid::require),
                            fields.required("state", HealthState::parse),
                            checked,
                            fields.nonEmptyText("error"),
                            version),
                    fields.parsed("operation_id", OperationId::new));
        } catch (IllegalArgumentException e) {
            throw fields.wrong("state", "is not valid: " + e.getMessage());
        }
    }

    private static ObjectNode json(Entry entry) {
        var health = entry.health();
        var node = ManifestFile.newObject()
                .put("subject", health.subject().text())
                .put("id", health.id())
                .put("state", health.state().text())
                .put("checked_at", health.checkedAt().toString())
                .put("version", health.version());
        if (health.error() != null) {
            node.put("error", health.error());
        }
        if (entry.operation() != null) {
            node.put("operation_id", entry.operation().value());
        }
        return node;
    }
}
