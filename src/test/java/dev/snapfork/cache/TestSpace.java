package dev.snapfork.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A disk that is as full, as able and as broken as a test wants it. Sizes are apparent ones, so that they are exact. */
final class TestSpace extends Space {
    volatile long capacity = 1L << 40;
    volatile boolean reflinks;
    volatile @Nullable IOException failure;

    TestSpace(Path directory, long maxBytes) {
        super(directory, maxBytes, false);
    }

    @Override
    boolean copiesAreFree() {
        return reflinks;
    }

    @Override
    long usable() throws IOException {
        var occupied = 0L;
        try (var files = Files.newDirectoryStream(file("."))) {
            for (var file : files) {
                occupied += Files.size(file);
            }
        }
        return capacity - occupied;
    }

    @Override
    long allocated(Path file) throws IOException {
        return Files.size(file);
    }

    @Override
    void copy(Path memory, Path file) throws IOException {
        if (failure != null) {
            Files.writeString(file, "half");
            throw failure;
        }
        super.copy(memory, file);
    }
}
