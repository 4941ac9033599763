package dev.snapfork.memory;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.DataExtents;
import dev.snapfork.file.Extent;
import dev.snapfork.file.TreeDigest;
import dev.snapfork.file.WriteBack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/** One raw file on its way into a compressed one. */
final class Compression {
    /** So many frames of zeros are written between two looks at whether the job goes on. */
    private static final int ZERO_FRAMES_AT_ONCE = 256;

    private static final int EXTENTS_BETWEEN_CHECKS = 1024;

    private final Workshop workshop;
    private final Format format;
    private final FrameCoder coder;
    private final ZeroFrames zeroFrames;
    private final FileChannel raw;
    private final FrameTable table;
    private final FrameSequence sequence;
    private final JobControl job;
    private final TreeDigest.Builder digest;

    private Compression(
            Workshop workshop,
            FrameCoder coder,
            Format format,
            FileChannel raw,
            FrameTable table,
            FrameSequence sequence,
            TreeDigest.Builder digest,
            JobControl job) {
        this.workshop = workshop;
        this.format = format;
        this.coder = coder;
        this.zeroFrames = new ZeroFrames(coder);
        this.raw = raw;
        this.table = table;
        this.sequence = sequence;
        this.digest = digest;
        this.job = job;
    }

    static Compressed run(
            Workshop workshop, FrameCoder coder, Format format, Path rawPath, FileChannel raw, Draft draft, Job job)
            throws IOException {
        JobControl control = new JobControl(job, dataBytes(rawPath, job), Urgency.BACKGROUND);
        try (DataExtents extents = DataExtents.open(rawPath);
                OutputDigest output = new OutputDigest(draft.file());
                WriteBack writeBack = job.durable() ? WriteBack.of(draft.path()) : null) {
            long length = extents.length();
            if (length > FrameTable.MAX_RAW_BYTES) {
                throw new IOException(
                        "a memory file of " + length + " bytes is too long, the most is " + FrameTable.MAX_RAW_BYTES);
            }
            FrameTable table = new FrameTable(length, format.frameBytes());
            TreeDigest.Builder digest = new TreeDigest.Builder();
            Position start = draft.begin(table, digest, output, control);
            FrameSequence sequence = new FrameSequence(draft.file(), writeBack, table, output, start, workshop);
            DataScan scan = new DataScan(extents);
            long resumed = scan.dataBytes(0, Math.min(length, table.rawOffset(start.frames())));
            if (start.frames() > 0) {
                control.resumedAt(resumed);
            }
            Compression compression = new Compression(workshop, coder, format, raw, table, sequence, digest, control);
            try (Checkpoints checkpoints = draft.checkpoints(start, sequence, table, digest, output, control)) {
                checkpoints.start();
                compression.frames(start.frames(), scan);
            }
            control.check();
            long compressedBytes = compression.close(draft.file(), output);
            ContentDigest compressedDigest = output.finish(compressedBytes);
            Files.setPosixFilePermissions(draft.path(), Files.getPosixFilePermissions(rawPath));
            if (job.durable()) {
                PositionalIo.force(draft.file(), true);
            }
            control.complete();
            return new Compressed(
                    length, control.total(), compressedBytes, digest.build(length), compressedDigest, resumed);
        }
    }

    private static long dataBytes(Path path, Job job) throws IOException {
        long bytes = 0;
        int extentsSeen = 0;
        try (DataExtents extents = DataExtents.open(path)) {
            for (Extent extent = extents.next(); extent != null; extent = extents.next()) {
                bytes += extent.length();
                if (++extentsSeen % EXTENTS_BETWEEN_CHECKS == 0
                        && job.cancelled().getAsBoolean()) {
                    throw new CancellationException("cancelled");
                }
            }
        }
        return bytes;
    }

    private void frames(int first, DataScan scan) throws IOException {
        try {
            for (int frame = first; frame < table.frames(); ) {
                job.check();
                long nextData = scan.nextData(table.rawOffset(frame));
                int dataFrame = (int) Math.min(table.frames(), nextData / table.frameBytes());
                if (nextData >= table.rawBytes()) {
                    dataFrame = table.frames();
                }
                if (dataFrame > frame) {
                    int end = Math.min(dataFrame, frame + ZERO_FRAMES_AT_ONCE);
                    addZeros(frame, end);
                    frame = end;
                } else {
                    long start = table.rawOffset(frame);
                    addData(frame, scan.dataBytes(start, start + table.rawLength(frame)));
                    frame++;
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            job.fail(e);
            throw e;
        } finally {
            job.awaitTasks();
            sequence.abandon();
        }
        job.check();
    }

    private void addData(int frame, long dataBytes) throws IOException {
        workshop.keepPace(job, dataBytes);
        NativeBuffer buffer = workshop.take(job, table.frameBytes());
        workshop.submit(job, buffer, bench -> code(bench, frame, dataBytes, buffer));
    }

    private void code(Bench bench, int frame, long dataBytes, NativeBuffer buffer) throws IOException {
        boolean handedOn = false;
        try {
            int size = table.rawLength(frame);
            ByteBuffer source = bench.raw().atLeast(Math.max(1, size));
            PositionalIo.read(raw, source, size, table.rawOffset(frame));
            if (bench.raw().isZero(0, size)) {
                addZeros(frame, frame + 1);
            } else {
                long hash = TreeDigest.hash(source, 0, size);
                digest.putAll(table.rawOffset(frame) / TreeDigest.CHUNK_BYTES, source, size, hash);
                int length = coder.encode(bench, format.level(), source, size, hash, buffer.atLeast(coder.bound(size)));
                if (job.job().verify()) {
                    verify(bench, frame, buffer, length);
                }
                handedOn = true;
                sequence.add(frame, buffer, length);
            }
        } finally {
            if (!handedOn) {
                workshop.giveBack(buffer);
            }
        }
        job.advance(dataBytes);
    }

    private void verify(Bench bench, int frame, NativeBuffer buffer, int length) throws IOException {
        int size = table.rawLength(frame);
        ByteBuffer decoded = bench.check().atLeast(size);
        if (!coder.decode(bench, buffer.bytes(), 0, length, decoded, size)
                || !bench.raw().matches(0, size, bench.check().segment())) {
            throw new IOException("compressing the bytes from " + table.rawOffset(frame)
                    + " on did not give what decodes to them; nothing was kept");
        }
    }

    /** Adds frames that hold zeros only; the last one of the file may be shorter than the others. */
    private void addZeros(int from, int to) throws IOException {
        long firstChunk = table.rawOffset(from) / TreeDigest.CHUNK_BYTES;
        long end = table.rawOffset(to - 1) + table.rawLength(to - 1);
        digest.putZeros(firstChunk, TreeDigest.chunks(end) - firstChunk, table.rawBytes());
        int whole = table.rawLength(to - 1) == table.frameBytes() ? to : to - 1;
        if (whole > from) {
            addRepeated(from, whole - from, table.frameBytes());
        }
        if (whole < to) {
            addRepeated(whole, 1, table.rawLength(whole));
        }
    }

    private void addRepeated(int frame, int count, int rawBytes) throws IOException {
        ByteBuffer one = zeroFrames.of(rawBytes);
        sequence.addRepeated(frame, count, one.capacity(), count == 1 ? one : zeroFrames.batch(rawBytes));
    }

    /** Adds the index and returns the file's length. */
    private long close(FileChannel target, OutputDigest output) throws IOException {
        ByteBuffer index = table.index();
        int length = index.limit();
        PositionalIo.write(target, index, 0, length, sequence.end());
        output.wrote(sequence.end(), length);
        return sequence.end() + length;
    }
}
