package dev.snapfork.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** Decodes a file of this codec by its index, many frames at a time. */
final class IndexedDecoding {
    private static final int GROUP_BYTES = 1 << 18;

    private final Workshop workshop;
    private final FrameCoder coder;
    private final ZeroFrames zeroFrames;
    private final FileChannel source;
    private final FrameTable table;
    private final SparseTarget target;
    private final JobControl job;
    private final AtomicBoolean sound = new AtomicBoolean(true);

    IndexedDecoding(
            Workshop workshop,
            FrameCoder coder,
            FileChannel source,
            FrameTable table,
            SparseTarget target,
            JobControl job) {
        this.workshop = workshop;
        this.coder = coder;
        this.zeroFrames = new ZeroFrames(coder);
        this.source = source;
        this.table = table;
        this.target = target;
        this.job = job;
    }

    /** Consecutive frames that are read at once: one, or several small ones. */
    private record Group(int first, int end, long offset, int bytes) {}

    /** Decodes all frames. Returns whether the frames are what the index says; if not, the target is worthless. */
    boolean run() throws IOException {
        try {
            long offset = FrameTable.HEAD_BYTES;
            for (int first = 0; first < table.frames() && sound.get(); ) {
                Group group = groupFrom(first, offset);
                NativeBuffer buffer = workshop.take(job, group.bytes());
                workshop.submit(job, buffer, bench -> decode(bench, group, buffer));
                first = group.end();
                offset += group.bytes();
            }
        } catch (IOException | RuntimeException | Error e) {
            job.fail(e);
            throw e;
        } finally {
            job.awaitTasks();
        }
        job.check();
        return sound.get();
    }

    private Group groupFrom(int first, long offset) {
        int end = first + 1;
        int bytes = table.length(first);
        while (end < table.frames() && bytes + table.length(end) <= GROUP_BYTES) {
            bytes += table.length(end++);
        }
        return new Group(first, end, offset, bytes);
    }

    private void decode(Bench bench, Group group, NativeBuffer buffer) throws IOException {
        try {
            PositionalIo.read(source, buffer.atLeast(group.bytes()), group.bytes(), group.offset());
            int at = 0;
            for (int frame = group.first(); frame < group.end() && job.goesOn() && sound.get(); frame++) {
                if (!decodeFrame(bench, frame, buffer, at)) {
                    sound.set(false);
                }
                at += table.length(frame);
            }
        } finally {
            workshop.giveBack(buffer);
        }
        job.advance(group.bytes());
    }

    private boolean decodeFrame(Bench bench, int frame, NativeBuffer buffer, int at) throws IOException {
        int size = table.rawLength(frame);
        int length = table.length(frame);
        ByteBuffer zeros = zeroFrames.of(size);
        if (zeros.capacity() == length && buffer.bytes().slice(at, length).mismatch(zeros.clear()) < 0) {
            target.skip(table.rawOffset(frame), size);
            return true;
        }
        ByteBuffer raw = bench.raw().atLeast(Math.max(1, size));
        if (!coder.decode(bench, buffer.bytes(), at, length, raw, size)) {
            return false;
        }
        long hash = target.hash(raw, size, table.rawOffset(frame));
        if (!coder.intact(buffer.bytes(), at, length, raw, size, hash)) {
            return false;
        }
        target.write(bench.raw(), size, table.rawOffset(frame));
        return true;
    }
}
