package dev.snapfork.store;

/** What a scan of the data directory comes across, one directory at a time. */
public sealed interface Finding {
    /** @param ours false if another daemon left it: the manifest is what {@link Adoption} would write */
    record AnInstance(InstanceManifest manifest, boolean ours) implements Finding {}

    /**
     * A snapshot; one that another daemon left {@code compressing} still says so and is to be compressed again.
     *
     * @param ours false if another daemon left it: the manifest is what {@link Adoption} would write
     */
    record ASnapshot(SnapshotManifest manifest, boolean ours) implements Finding {}

    /**
     * Something that is neither; it is left as it is.
     *
     * @param place relative to the data directory
     * @param problem what is wrong, in words for whoever runs the service
     */
    record Unreadable(String place, String problem) implements Finding {}
}
