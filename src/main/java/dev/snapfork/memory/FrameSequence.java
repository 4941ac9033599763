package dev.snapfork.memory;

import dev.snapfork.file.WriteBack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts finished frames into the file in the raw file's order. A frame's place is known once those before it have their
 * lengths, so what is finished early waits for that only, not for anything to be written; writes then go on in parallel.
 */
final class FrameSequence {
    /** Less is not worth a turn of the disk. */
    private static final int WRITTEN_BACK_FROM = 1 << 16;

    private final FileChannel file;
    private final @Nullable WriteBack writeBack;
    private final FrameTable table;
    private final OutputDigest digest;
    private final Workshop workshop;
    private final Map<Integer, Part> waiting = new HashMap<>();
    private final Map<Integer, Part> writtenAhead = new HashMap<>();
    private int nextFrame;
    private long end;
    private Position written;

    /**
     * Goes on with a file that holds its first frames already.
     *
     * @param writeBack of the file if it is going to be synced, else null
     */
    FrameSequence(
            FileChannel file,
            @Nullable WriteBack writeBack,
            FrameTable table,
            OutputDigest digest,
            Position start,
            Workshop workshop) {
        this.file = file;
        this.writeBack = writeBack;
        this.table = table;
        this.digest = digest;
        this.workshop = workshop;
        this.nextFrame = start.frames();
        this.end = start.end();
        this.written = start;
    }

    /** One or several frames that follow one another, each of {@code length} bytes; {@code bytes} holds one or several of them. */
    private record Part(
            int frame,
            int count,
            int length,
            ByteBuffer bytes,
            @Nullable NativeBuffer owner) {
        long bytesInAll() {
            return (long) count * length;
        }
    }

    private record Place(Part part, long offset) {}

    /** Adds a frame; the buffer is given back once it is written. */
    void add(int frame, NativeBuffer buffer, int length) throws IOException {
        write(place(new Part(frame, 1, length, buffer.bytes(), buffer)));
    }

    /**
     * Adds {@code count} equal frames.
     *
     * @param bytes one such frame or several, which are written as often as it takes
     */
    void addRepeated(int frame, int count, int length, ByteBuffer bytes) throws IOException {
        write(place(new Part(frame, count, length, bytes, null)));
    }

    /** The offset after the last frame, once all were added. */
    synchronized long end() {
        if (nextFrame != table.frames()) {
            throw new IllegalStateException("frame " + nextFrame + " of " + table.frames() + " is missing");
        }
        return end;
    }

    /** Up to where all is written, and in the digest, without a gap. */
    synchronized Position written() {
        return written;
    }

    private synchronized void noteWritten(Part added) {
        writtenAhead.put(added.frame(), added);
        for (Part part = writtenAhead.remove(written.frames());
                part != null;
                part = writtenAhead.remove(written.frames())) {
            written = new Position(written.frames() + part.count(), written.end() + part.bytesInAll());
        }
    }

    /** Gives back the buffers of frames that will not be written. No frame may be added meanwhile or later. */
    synchronized void abandon() {
        waiting.values().forEach(this::release);
        waiting.clear();
    }

    private synchronized List<Place> place(Part added) {
        waiting.put(added.frame(), added);
        List<Place> places = new ArrayList<>();
        for (Part part = waiting.remove(nextFrame); part != null; part = waiting.remove(nextFrame)) {
            places.add(new Place(part, end));
            for (int frame = nextFrame; frame < nextFrame + part.count(); frame++) {
                table.setLength(frame, part.length());
            }
            nextFrame += part.count();
            end += part.bytesInAll();
        }
        return places;
    }

    private void write(List<Place> places) throws IOException {
        int done = 0;
        try {
            for (Place place : places) {
                writePart(place);
                digest.wrote(place.offset(), place.part().bytesInAll());
                if (writeBack != null && place.part().bytesInAll() >= WRITTEN_BACK_FROM) {
                    writeBack.start(place.offset(), place.part().bytesInAll());
                }
                noteWritten(place.part());
                done++;
                release(place.part());
            }
        } finally {
            places.subList(done, places.size()).forEach(place -> release(place.part()));
        }
    }

    private void writePart(Place place) throws IOException {
        Part part = place.part();
        int batch = Math.max(1, part.bytes().capacity() / part.length());
        for (int done = 0; done < part.count(); done += batch) {
            int bytes = Math.min(batch, part.count() - done) * part.length();
            PositionalIo.write(file, part.bytes(), 0, bytes, place.offset() + (long) done * part.length());
        }
    }

    private void release(Part part) {
        if (part.owner() != null) {
            workshop.giveBack(part.owner());
        }
    }
}
