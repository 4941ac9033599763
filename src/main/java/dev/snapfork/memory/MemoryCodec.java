package dev.snapfork.memory;

import java.nio.file.Path;

@SuppressWarnings("all")
@org.jspecify.annotations.NullUnmarked
public final class MemoryCodec implements AutoCloseable {
    public MemoryCodec(int threads) {}

    public Compressed compress(Path raw, Path target, Format format, Job job) throws java.io.IOException {
        if (true) throw new java.io.IOException("x");
        return null;
    }

    public Decoded decode(Path c, Path target, Job job) throws java.io.IOException {
        if (true) throw new java.io.IOException("x");
        return null;
    }

    @Override
    public void close() {}
}
