package dev.snapfork.memory;

import dev.snapfork.file.DataExtents;
import dev.snapfork.file.Extent;
import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** One raw file on its way into a compressed one. */
final class Compression {
    private final Workshop workshop;
    private final Format format;
    private final FrameCoder coder;
    private final ZeroFrames zeroFrames;
    private final FileChannel raw;
    private final FrameTable table;
    private final FrameSequence sequence;
    private final JobControl job;
    private final TreeDigest.Builder digest = new TreeDigest.Builder();

    private Compression(
            Workshop workshop,
            FrameCoder coder,
            Format format,
            FileChannel raw,
            FrameTable table,
            FileChannel target,
            JobControl job) {
        this.workshop = workshop;
        this.format = format;
        this.coder = coder;
        this.zeroFrames = new ZeroFrames(coder);
        this.raw = raw;
        this.table = table;
        this.sequence = new FrameSequence(target, table, workshop);
        this.job = job;
    }

    static Compressed run(
            Workshop workshop,
            FrameCoder coder,
            Format format,
            Path rawPath,
            FileChannel raw,
            FileChannel target,
            Job job)
            throws IOException {
        long dataBytes = dataBytes(rawPath);
        try (DataExtents extents = DataExtents.open(rawPath)) {
            long length = extents.length();
            if (length > FrameTable.MAX_RAW_BYTES) {
                throw new IOException(
                        "a memory file of " + length + " bytes is too long, the most is " + FrameTable.MAX_RAW_BYTES);
            }
            FrameTable table = new FrameTable(length, format.frameBytes());
            JobControl control = new JobControl(job, dataBytes);
            Compression compression = new Compression(workshop, coder, format, raw, table, target, control);
            compression.frames(new DataScan(extents));
            control.advanceTo(dataBytes);
            long compressedBytes = compression.outline(target);
            return new Compressed(length, dataBytes, compressedBytes, compression.digest.build(length));
        }
    }

    private static long dataBytes(Path path) throws IOException {
        long bytes = 0;
        try (DataExtents extents = DataExtents.open(path)) {
            for (Extent extent = extents.next(); extent != null; extent = extents.next()) {
                bytes += extent.length();
            }
        }
        return bytes;
    }

    private void frames(DataScan scan) throws IOException {
        try {
            for (int frame = 0; frame < table.frames(); ) {
                job.check();
                long nextData = scan.nextData(table.rawOffset(frame));
                int dataFrame = (int) Math.min(table.frames(), nextData / table.frameBytes());
                if (nextData >= table.rawBytes()) {
                    dataFrame = table.frames();
                }
                if (dataFrame > frame) {
                    addZeros(frame, dataFrame);
                    frame = dataFrame;
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
        NativeBuffer buffer = workshop.take(job);
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
            sequence.addRepeated(from, whole - from, zeroFrames.of(table.frameBytes()));
        }
        if (whole < to) {
            sequence.addRepeated(whole, 1, zeroFrames.of(table.rawLength(whole)));
        }
    }

    private long outline(FileChannel target) throws IOException {
        ByteBuffer head = table.head();
        PositionalIo.write(target, head, 0, head.limit(), 0);
        ByteBuffer index = table.index();
        int length = index.limit();
        PositionalIo.write(target, index, 0, length, sequence.end());
        return sequence.end() + length;
    }
}
