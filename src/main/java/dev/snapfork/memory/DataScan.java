package dev.snapfork.memory;

import dev.snapfork.file.DataExtents;
import dev.snapfork.file.Extent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells, frame by frame in ascending order, how much of a raw file is data. */
final class DataScan {
    private final DataExtents extents;
    private @Nullable Extent current;

    DataScan(DataExtents extents) throws IOException {
        this.extents = extents;
        this.current = extents.next();
    }

    /** The first offset at or after {@code from} that may be data, or the end of the file. */
    long nextData(long from) {
        return current == null ? extents.length() : Math.max(from, current.offset());
    }

    /** The bytes of data in {@code [from, to)}, which must not precede what was asked for before. */
    long dataBytes(long from, long to) throws IOException {
        long bytes = 0;
        for (Extent extent = current; extent != null && extent.offset() < to; extent = current) {
            bytes += Math.min(to, extent.end()) - Math.max(from, extent.offset());
            if (extent.end() > to) {
                break;
            }
            current = extents.next();
        }
        return bytes;
    }
}
