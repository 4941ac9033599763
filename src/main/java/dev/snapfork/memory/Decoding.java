package dev.snapfork.memory;

import dev.snapfork.file.WriteBack;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** One compressed file on its way back into a raw one: by its index if it has one that is right, else as a stream. */
final class Decoding {
    private static final int ZSTD = 0xFD2FB528;
    private static final int LZ4_LEGACY = 0x184C2102;

    private final Workshop workshop;
    private final FileChannel source;
    private final @Nullable RandomAccessFile target;
    private final @Nullable WriteBack writeBack;
    private final JobControl job;

    private Decoding(
            Workshop workshop,
            FileChannel source,
            @Nullable RandomAccessFile target,
            @Nullable WriteBack writeBack,
            Job job)
            throws IOException {
        this.writeBack = writeBack;
        this.workshop = workshop;
        this.source = source;
        this.target = target;
        this.job = new JobControl(job, source.size(), job.background() ? Urgency.BACKGROUND : Urgency.PRESSING);
    }

    /** @param writeBack of the target */
    static Decoded run(Workshop workshop, FileChannel source, RandomAccessFile target, WriteBack writeBack, Job job)
            throws IOException {
        Decoding decoding = new Decoding(workshop, source, target, job.durable() ? writeBack : null, job);
        Decoded decoded = decoding.run();
        if (job.durable()) {
            PositionalIo.force(target.getChannel(), true);
        }
        decoding.job.complete();
        return decoded;
    }

    /** Decodes everything, keeps nothing. */
    static Decoded check(Workshop workshop, FileChannel source, Job job) throws IOException {
        Decoding decoding = new Decoding(workshop, source, null, null, job);
        Decoded decoded = decoding.run();
        decoding.job.complete();
        return decoded;
    }

    private void resize(long length) throws IOException {
        if (target != null) {
            target.setLength(length);
        }
    }

    private @Nullable FileChannel channel() {
        return target == null ? null : target.getChannel();
    }

    private Decoded run() throws IOException {
        job.check();
        Codec codec = codec();
        long announced = FrameTable.announcedBytes(source);
        if (announced >= 0) {
            FrameCoder coder = FrameCoder.of(codec);
            FrameTable table = FrameTable.read(source, announced, coder);
            if (table != null) {
                resize(announced);
                SparseTarget sparse = new SparseTarget(channel(), writeBack);
                IndexedDecoding indexed = new IndexedDecoding(workshop, coder, source, table, sparse, job);
                if (workshop.handingIn(job, indexed::run)) {
                    return sparse.finish(announced);
                }
                resize(0);
            }
        }
        return workshop.onThisThread(job, () -> stream(codec, announced));
    }

    /** Frames decide, not the file's name; what is wrong with them a stream tells best, with its offset. */
    private Decoded stream(Codec codec, long announced) throws IOException {
        SparseTarget sparse = new SparseTarget(channel(), writeBack);
        try (ChunkedOutput output = new ChunkedOutput(sparse)) {
            StreamDecoder.of(codec).decode(new FrameInput(source), output, job);
            output.flush();
            if (announced >= 0 && output.length() != announced) {
                throw new CorruptMemoryException(
                        source.size(), "the file is cut off: of " + announced + " bytes it holds " + output.length());
            }
            resize(output.length());
            return sparse.finish(output.length());
        }
    }

    private Codec codec() throws IOException {
        FrameInput input = new FrameInput(source);
        while (!input.atEnd()) {
            long start = input.offset();
            int magic = input.i32();
            if (FrameInput.isSkippable(magic)) {
                input.skip(Integer.toUnsignedLong(input.i32()));
                continue;
            }
            return switch (magic) {
                case ZSTD -> Codec.ZSTD;
                case Lz4Frames.MAGIC, LZ4_LEGACY -> Codec.LZ4;
                default -> throw new CorruptMemoryException(start, "neither a zstd nor an lz4 frame");
            };
        }
        throw new CorruptMemoryException(source.size(), "the file holds no frame");
    }
}
