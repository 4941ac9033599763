package dev.snapfork.memory;

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
    private static final int BATCH_BYTES = 1 << 18;

    private final FileChannel file;
    private final FrameTable table;
    private final Workshop workshop;
    private final Map<Integer, Part> waiting = new HashMap<>();
    private int nextFrame;
    private long end = FrameTable.HEAD_BYTES;

    FrameSequence(FileChannel file, FrameTable table, Workshop workshop) {
        this.file = file;
        this.table = table;
        this.workshop = workshop;
    }

    /** One or several frames that follow one another, each of {@code length} bytes. */
    private record Part(
            int frame,
            int count,
            int length,
            ByteBuffer bytes,
            @Nullable NativeBuffer owner) {}

    private record Place(Part part, long offset) {}

    /** Adds a frame; the buffer is given back once it is written. */
    void add(int frame, NativeBuffer buffer, int length) throws IOException {
        write(place(new Part(frame, 1, length, buffer.bytes(), buffer)));
    }

    /** Adds {@code count} equal frames. */
    void addRepeated(int frame, int count, ByteBuffer bytes) throws IOException {
        write(place(new Part(frame, count, bytes.remaining(), bytes, null)));
    }

    /** The offset after the last frame, once all were added. */
    synchronized long end() {
        if (nextFrame != table.frames()) {
            throw new IllegalStateException("frame " + nextFrame + " of " + table.frames() + " is missing");
        }
        return end;
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
            end += (long) part.count() * part.length();
        }
        return places;
    }

    private void write(List<Place> places) throws IOException {
        int written = 0;
        try {
            for (Place place : places) {
                writePart(place);
                written++;
                release(place.part());
            }
        } finally {
            places.subList(written, places.size()).forEach(place -> release(place.part()));
        }
    }

    private void writePart(Place place) throws IOException {
        Part part = place.part();
        if (part.count() == 1) {
            PositionalIo.write(file, part.bytes(), 0, part.length(), place.offset());
            return;
        }
        int batch = Math.min(part.count(), Math.max(1, BATCH_BYTES / part.length()));
        ByteBuffer repeated = ByteBuffer.allocate(batch * part.length());
        for (int i = 0; i < batch; i++) {
            repeated.put(i * part.length(), part.bytes(), 0, part.length());
        }
        for (int done = 0; done < part.count(); done += batch) {
            int bytes = Math.min(batch, part.count() - done) * part.length();
            PositionalIo.write(file, repeated, 0, bytes, place.offset() + (long) done * part.length());
        }
    }

    private void release(Part part) {
        if (part.owner() != null) {
            workshop.giveBack(part.owner());
        }
    }
}
