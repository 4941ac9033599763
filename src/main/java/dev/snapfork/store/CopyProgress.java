package dev.snapfork.store;

/** Hears how far a copy has come. */
@FunctionalInterface
public interface CopyProgress {
    CopyProgress UNHEARD = bytes -> {};

    /** @param dataBytes bytes of data copied so far, holes not counted */
    void copied(long dataBytes);
}
