package dev.snapfork.operation;

/**
 * How far a long operation has come.
 *
 * @param bytesDone bytes of data handled, holes not counted; never more than {@code bytesTotal}
 * @param bytesTotal bytes of data to handle
 * @param bytesPerSecond mean rate since the work began
 */
public record Progress(long bytesDone, long bytesTotal, long bytesPerSecond) {
    public Progress {
        if (bytesDone < 0 || bytesDone > bytesTotal || bytesPerSecond < 0) {
            throw new IllegalArgumentException(
                    "progress out of range: " + bytesDone + " of " + bytesTotal + " at " + bytesPerSecond);
        }
    }
}
