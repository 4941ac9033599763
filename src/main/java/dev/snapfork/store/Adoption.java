package dev.snapfork.store;

import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Goes through a data directory, whoever wrote it: what is ours is reported so that its state can be told again, what another
 * daemon left can be made ours. No payload is read for that: its digests stay unknown until something reads it anyway.
 */
public final class Adoption {
    private final Layout layout;
    private final InstanceStore instances;
    private final SnapshotStore snapshots;

    Adoption(Layout layout, InstanceStore instances, SnapshotStore snapshots) {
        this.layout = layout;
        this.instances = instances;
        this.snapshots = snapshots;
    }

    /**
     * Reports every directory of an instance, then every one of a snapshot, each when it is come across; holds one at a time.
     * Nothing on disk is changed. One that appears or vanishes meanwhile may be reported or not.
     *
     * @throws IOException only if the two parent directories cannot be listed
     */
    public void scan(Consumer<Finding> report) throws IOException {
        scan(layout.guests(), instances.all(), Finding.AnInstance::new, report);
        scan(layout.snapshots(), snapshots.all(), Finding.ASnapshot::new, report);
    }

    private interface Report<M> {
        Finding of(M manifest, boolean ours);
    }

    private <M> void scan(Path parent, Aggregates<M> all, Report<M> found, Consumer<Finding> report)
            throws IOException {
        try (var entries = Files.newDirectoryStream(parent)) {
            for (var entry : entries) {
                switch (look(all, entry)) {
                    case Found.Present<AsFound<M>>(var manifest) ->
                        report.accept(found.of(manifest.manifest(), manifest.ours()));
                    case Found.Damaged<AsFound<M>>(var name, var problem) ->
                        report.accept(new Finding.Unreadable(layout.data().relativize(parent) + "/" + name, problem));
                    case Found.Absent<AsFound<M>>() -> {
                        // deleted since it was listed
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static <M> Found<AsFound<M>> look(Aggregates<M> all, Path entry) {
        var name = entry.getFileName().toString();
        if (!Cuid.isValid(name)) {
            return new Found.Damaged<>(name, "the name is not a valid id");
        }
        try {
            return all.look(entry, name);
        } catch (IOException e) {
            return new Found.Damaged<>(name, "cannot be read: " + e);
        }
    }

    /**
     * Makes an instance ours: what compressions of another daemon left half-written is removed, then the manifest is written.
     * Crashed before the latter, it is found again as it was. One that is ours already stays as it is.
     */
    public Commit adopt(InstanceId id) throws IOException {
        return adopt(instances.all(), id.value(), layout.guest(id));
    }

    /** Makes a snapshot ours, as {@link #adopt(InstanceId)} does an instance. */
    public Commit adopt(SnapshotId id) throws IOException {
        return adopt(snapshots.all(), id.value(), layout.payload(id));
    }

    private static <M> Commit adopt(Aggregates<M> all, String id, Path payload) throws IOException {
        return all.holding(id, () -> switch (all.look(all.directory(id), id)) {
            case Found.Present<AsFound<M>>(var found) -> {
                if (!found.ours()) {
                    Leftovers.remove(payload);
                    all.write(found.manifest(), null);
                }
                yield new Commit.Done();
            }
            case Found.Damaged<AsFound<M>> _, Found.Absent<AsFound<M>> _ -> new Commit.Gone(id);
        });
    }
}
