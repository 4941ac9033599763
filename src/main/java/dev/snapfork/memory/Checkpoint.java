package dev.snapfork.memory;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One stretch of a compressed file that is on stable storage: its first frame and their number (4 bytes each), where it ends (8),
 * the length of each frame (4), the hash of each chunk of raw bytes (8), the hash of each chunk of the file that the
 * stretch completes (8), and the hash of what the file holds behind its last whole chunk (8).
 *
 * @param bytes all that, from position 0 on
 */
record Checkpoint(Position from, Position to, ByteBuffer bytes) {
    private static final int CHUNK = TreeDigest.CHUNK_BYTES;
    private static final int FIXED_BYTES = 16;

    /** Where so many further frames end, whose lengths are known. */
    static Position after(Position from, int frames, FrameTable table) {
        long end = from.end();
        for (int frame = from.frames(); frame < from.frames() + frames; frame++) {
            end += table.length(frame);
        }
        return new Position(from.frames() + frames, end);
    }

    static Checkpoint of(Position from, Position to, FrameTable table, TreeDigest.Builder raw, OutputDigest output)
            throws IOException {
        ByteBuffer bytes = Journal.little(Math.toIntExact(size(from, to, table)));
        bytes.putInt(from.frames()).putInt(to.frames() - from.frames()).putLong(to.end());
        for (int frame = from.frames(); frame < to.frames(); frame++) {
            bytes.putInt(table.length(frame));
        }
        for (long chunk = rawChunk(from, table); chunk < rawChunk(to, table); chunk++) {
            bytes.putLong(raw.get(chunk));
        }
        for (long chunk = from.end() / CHUNK; chunk < to.end() / CHUNK; chunk++) {
            bytes.putLong(output.hashes().get(chunk));
        }
        bytes.putLong(output.hash(to.end() / CHUNK, (int) (to.end() % CHUNK)));
        return new Checkpoint(from, to, bytes.flip());
    }

    /** Null if the bytes are no checkpoint that goes on from here. */
    static @Nullable Checkpoint read(ByteBuffer bytes, Position from, FrameTable table) {
        if (bytes.limit() < FIXED_BYTES || bytes.getInt(0) != from.frames()) {
            return null;
        }
        int frames = bytes.getInt(Integer.BYTES);
        Position to = new Position(from.frames() + frames, bytes.getLong(Long.BYTES));
        boolean plausible = frames > 0
                && frames <= table.frames() - from.frames()
                && to.end() > from.end()
                && size(from, to, table) == bytes.limit();
        return plausible ? new Checkpoint(from, to, bytes) : null;
    }

    private static long size(Position from, Position to, FrameTable table) {
        long hashes = rawChunk(to, table) - rawChunk(from, table) + to.end() / CHUNK - from.end() / CHUNK + 1;
        return FIXED_BYTES + (long) (to.frames() - from.frames()) * Integer.BYTES + hashes * Long.BYTES;
    }

    private static long rawChunk(Position at, FrameTable table) {
        return TreeDigest.chunks(Math.min(table.rawBytes(), table.rawOffset(at.frames())));
    }

    /** Whether the file holds what the checkpoint says; reads it once. */
    boolean isBorneOutBy(OutputDigest output, long fileBytes, JobControl job) throws IOException {
        if (fileBytes < to.end()) {
            return false;
        }
        int at = outputHashes();
        for (long chunk = from.end() / CHUNK; chunk < to.end() / CHUNK; chunk++) {
            job.check();
            if (output.hash(chunk, CHUNK) != bytes.getLong(at)) {
                return false;
            }
            at += Long.BYTES;
        }
        return output.hash(to.end() / CHUNK, (int) (to.end() % CHUNK)) == bytes.getLong(at);
    }

    private int outputHashes() {
        return bytes.limit() - (int) (to.end() / CHUNK - from.end() / CHUNK + 1) * Long.BYTES;
    }

    /** Puts what is known about the stretch where it belongs. */
    void apply(FrameTable table, TreeDigest.Builder raw, OutputDigest output) {
        bytes.position(FIXED_BYTES);
        for (int frame = from.frames(); frame < to.frames(); frame++) {
            table.setLength(frame, bytes.getInt());
        }
        for (long chunk = rawChunk(from, table); chunk < rawChunk(to, table); chunk++) {
            raw.put(chunk, bytes.getLong());
        }
        for (long chunk = from.end() / CHUNK; chunk < to.end() / CHUNK; chunk++) {
            output.hashes().put(chunk, bytes.getLong());
        }
        bytes.position(0);
    }
}
