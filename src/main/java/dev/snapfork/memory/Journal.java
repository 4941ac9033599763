package dev.snapfork.memory;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says how far a compressed file is on stable storage, and what is known about that part. Numbers are little endian.
 *
 * <ul>
 *   <li>The header: {@code SNAPJRNL}, version, codec, level, raw bytes in a frame (4 bytes each), raw length (8), and the XXH64 of
 *       all that.
 *   <li>Records, each: its length (4 bytes), a {@link Checkpoint}, the checkpoint's XXH64. A record that is cut off, damaged or not
 *       borne out by the file ends the journal, as does what does not go on from the record before.
 * </ul>
 *
 * The journal is locked for as long as it is open, so that of two runs that believe to be the only one the second starts over
 * in files of its own.
 */
final class Journal implements AutoCloseable {
    private static final long NAME = 0x4C4E524A50414E53L; // SNAPJRNL
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 40;
    private static final int FRAMES_A_RECORD = 1 << 16;
    private static final int LONGEST_RECORD = 1 << 26;

    private final FileChannel file;
    private final ByteBuffer header;
    private long end;

    private Journal(FileChannel file, ByteBuffer header) {
        this.file = file;
        this.header = header;
    }

    /** Opens the journal of an earlier run, or makes an empty one in its place if that cannot be used. */
    static Journal open(Path path, Format format, long rawBytes) throws IOException {
        ByteBuffer header = header(format, rawBytes);
        FileChannel earlier = openEarlier(path);
        if (earlier != null) {
            try {
                if (locked(earlier)) {
                    return new Journal(earlier, header);
                }
            } catch (IOException | RuntimeException | Error e) {
                earlier.close();
                throw e;
            }
            earlier.close();
        }
        Files.deleteIfExists(path);
        FileChannel fresh = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!locked(fresh)) {
            fresh.close();
            throw new IOException("another run has just begun with " + path);
        }
        return new Journal(fresh, header);
    }

    private static @Nullable FileChannel openEarlier(Path path) throws IOException {
        try {
            return FileChannel.open(
                    path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static boolean locked(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    private static ByteBuffer header(Format format, long rawBytes) {
        ByteBuffer header = little(HEADER_BYTES)
                .putLong(NAME)
                .putInt(VERSION)
                .putInt(number(format.codec()))
                .putInt(format.level())
                .putInt(format.frameBytes())
                .putLong(rawBytes);
        return header.putLong(TreeDigest.hash(header, 0, header.position())).flip();
    }

    private static int number(Codec codec) {
        return switch (codec) {
            case ZSTD -> 1;
            case LZ4 -> 2;
        };
    }

    /** Whether an earlier run of the same kind wrote here; if not, {@link #restart} is due. */
    boolean isOfTheSameKind() throws IOException {
        if (file.size() < HEADER_BYTES) {
            return false;
        }
        ByteBuffer found = little(HEADER_BYTES);
        PositionalIo.read(file, found, HEADER_BYTES, 0);
        end = HEADER_BYTES;
        return found.equals(header.duplicate());
    }

    /** Makes the journal one that says nothing yet. */
    void restart() throws IOException {
        file.truncate(0);
        PositionalIo.write(file, header.duplicate(), 0, HEADER_BYTES, 0);
        end = HEADER_BYTES;
    }

    /** The next checkpoint, or null if there is none that is whole and goes on from here. */
    @Nullable
    Checkpoint next(Position from, FrameTable table) throws IOException {
        if (file.size() - end < Integer.BYTES) {
            return null;
        }
        ByteBuffer prefix = little(Integer.BYTES);
        PositionalIo.read(file, prefix, Integer.BYTES, end);
        int length = prefix.getInt();
        if (length < 0 || length > LONGEST_RECORD || length > file.size() - end - Integer.BYTES - Long.BYTES) {
            return null;
        }
        ByteBuffer record = little(length + Long.BYTES);
        PositionalIo.read(file, record, length + Long.BYTES, end + Integer.BYTES);
        if (record.getLong(length) != TreeDigest.hash(record, 0, length)) {
            return null;
        }
        return Checkpoint.read(record.limit(length), from, table);
    }

    /** Goes on behind the checkpoint that {@link #next} returned. */
    void accept(Checkpoint checkpoint) {
        end += Integer.BYTES + checkpoint.bytes().limit() + Long.BYTES;
    }

    /** Drops all that was not accepted. */
    void dropRest() throws IOException {
        file.truncate(end);
    }

    /** Adds, on stable storage, what the file holds from one position to another, where it is already. */
    void append(Position from, Position to, FrameTable table, TreeDigest.Builder raw, OutputDigest output)
            throws IOException {
        Position at = from;
        while (at.frames() < to.frames()) {
            Position next = Checkpoint.after(at, Math.min(FRAMES_A_RECORD, to.frames() - at.frames()), table);
            Checkpoint checkpoint = Checkpoint.of(at, next, table, raw, output);
            ByteBuffer bytes = checkpoint.bytes();
            int length = bytes.limit();
            ByteBuffer record = little(Integer.BYTES + length + Long.BYTES)
                    .putInt(length)
                    .put(bytes.duplicate())
                    .putLong(TreeDigest.hash(bytes, 0, length));
            PositionalIo.write(file, record, 0, record.capacity(), end);
            accept(checkpoint);
            at = next;
        }
        PositionalIo.force(file, false);
    }

    static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
