package dev.snapfork.store;

/** What lies where an aggregate is looked for. */
public sealed interface Found<T> {
    record Present<T>(T manifest) implements Found<T> {}

    /**
     * There is something that cannot be read as a manifest; it is left as it is.
     *
     * @param id the directory's name, which need not be a valid id
     * @param problem what is wrong, in words for whoever runs the service
     */
    record Damaged<T>(String id, String problem) implements Found<T> {}

    record Absent<T>() implements Found<T> {}
}
