package dev.snapfork.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Has the kernel write a file to the disk while the rest of it is still being made, so that the sync at the end has little left
 * to wait for. Makes nothing durable by itself. Used by any number of threads.
 */
public final class WriteBack implements AutoCloseable {
    private final Descriptor file;

    private WriteBack(Descriptor file) {
        this.file = file;
    }

    /**
     * For a file that others write to.
     *
     * @throws IOException if it cannot be opened, or is a symbolic link
     */
    public static WriteBack of(Path file) throws IOException {
        return new WriteBack(Descriptor.read(file));
    }

    /** Begins with a range, which has been written; the kernel may decline. Does not wait. */
    public void start(long offset, long bytes) {
        file.startWriteBack(offset, bytes);
    }

    @Override
    public void close() {
        file.close();
    }
}
