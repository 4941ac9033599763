package dev.snapfork.cache;

import dev.snapfork.file.CopyWish;
import dev.snapfork.file.SparseFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.function.BooleanSupplier;

/** What to do for a fork that asked for memory. To be closed when that is done, whether it succeeded or not. */
public sealed interface Turn extends AutoCloseable {
    @Override
    void close();

    /** The memory is there. It is not evicted before this is closed. */
    final class Cached implements Turn {
        private final Shelf shelf;
        private final Shelf.Entry entry;
        private boolean closed;

        Cached(Shelf shelf, Shelf.Entry entry) {
            this.shelf = shelf;
            this.entry = entry;
        }

        /**
         * Makes a file of its own with this memory: by reflink, else its data extents are copied. It is not synced.
         *
         * @param target must not exist
         * @param cancelled looked at before each MiB, from two threads
         * @throws java.util.concurrent.CancellationException once that says so; the target does not exist then
         * @throws IOException after which the target does not exist; if somebody removed the cache's file, it will not be
         *     offered again
         */
        public void copyTo(Path target, BooleanSupplier cancelled) throws IOException {
            try {
                SparseFile.copy(entry.file(), target, EnumSet.of(CopyWish.WRITE_BACK), cancelled);
            } catch (NoSuchFileException e) {
                shelf.discard(entry);
                throw e;
            }
        }

        /** Where the memory lies. It may be mapped until this is closed, and stays mapped after that; it is never written to. */
        public Path file() {
            return entry.file();
        }

        /** What the memory occupies on disk, and a copy that shares no blocks will. */
        public long bytes() {
            return entry.bytes();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                shelf.release(entry);
            }
        }
    }

    /** The memory is not there: decode it. Others who want the same may wait until this is closed. */
    final class Decode implements Turn {
        private final Flights flights;
        private final Flight flight;

        Decode(Flights flights, Flight flight) {
            this.flights = flights;
            this.flight = flight;
        }

        /**
         * Says that the memory was decoded and is what it should be. The cache takes a copy if it wants one; that it could
         * not is no error.
         *
         * @param memory nobody writes to it before this returns
         */
        public void decoded(Path memory) {
            flights.decoded(flight, memory);
        }

        @Override
        public void close() {
            flights.end(flight);
        }
    }
}
