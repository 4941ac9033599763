package dev.snapfork.hypervisor;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A guest's memory: zeros but for two pages, one that says which guest it is and one that counts how often it went on. */
public final class FakeMemory {
    private static final int PAGE = 4096;
    private static final long COUNTER_AT = 1 << 20;

    private final long size;
    private final String token;
    private final @Nullable Path file;
    private final boolean shared;
    private int counter;

    private FakeMemory(long size, String token, int counter, @Nullable Path file, boolean shared) {
        this.size = size;
        this.token = token;
        this.counter = counter;
        this.file = file;
        this.shared = shared;
    }

    /** A new guest's. */
    public static FakeMemory booted(long size, @Nullable Path file, boolean shared) throws IOException {
        var memory = new FakeMemory(size, "guest " + UUID.randomUUID(), 0, file, shared);
        memory.store();
        return memory;
    }

    /** A saved guest's: seen in its file, or read out of it. */
    public static FakeMemory of(Path source, @Nullable Path file, boolean shared) throws IOException {
        try (var from = new RandomAccessFile(source.toFile(), shared ? "rw" : "r")) {
            return new FakeMemory(from.length(), page(from, 0), Integer.parseInt(page(from, COUNTER_AT)), file, shared);
        }
    }

    /** What a memory file says of the guest: its token and its counter. */
    public static String guest(Path memory) throws IOException {
        try (var from = new RandomAccessFile(memory.toFile(), "r")) {
            return page(from, 0) + ", went on " + page(from, COUNTER_AT) + " times";
        }
    }

    public long size() {
        return size;
    }

    /** The guest goes on, and writes to its memory. */
    public void run() throws IOException {
        counter++;
        store();
    }

    /** Whether a monitor leaves it out when it saves, as it is in a file that is shared with it. */
    public boolean isInItsFile() {
        return file != null && shared;
    }

    public void writeTo(Path target) throws IOException {
        try (var to = new RandomAccessFile(target.toFile(), "rw")) {
            to.setLength(size);
            write(to, 0, token);
            write(to, COUNTER_AT, Integer.toString(counter));
        }
    }

    /** Half of it, as a monitor leaves it that dies while it writes. */
    public void writeHalf(Path target) throws IOException {
        try (var to = new RandomAccessFile(target.toFile(), "rw")) {
            to.setLength(size / 2);
        }
    }

    private void store() throws IOException {
        if (file != null && shared) {
            writeTo(file);
        }
    }

    private static String page(RandomAccessFile file, long at) throws IOException {
        var page = new byte[PAGE];
        file.seek(at);
        file.readFully(page);
        return new String(page, StandardCharsets.UTF_8).replace("\0", "");
    }

    private static void write(RandomAccessFile file, long at, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var page = new byte[PAGE];
        System.arraycopy(bytes, 0, page, 0, bytes.length);
        file.seek(at);
        file.write(page);
    }
}
