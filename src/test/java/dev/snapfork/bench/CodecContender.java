package dev.snapfork.bench;

import dev.snapfork.memory.Format;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes a file out of a file, and remembers how large it was. */
final class CodecContender implements Contender {
    private final Path target;
    private final List<Path> between;
    private final Timed work;
    private long bytes;
    private long allocated;

    private CodecContender(Path target, List<Path> between, Timed work) {
        this.target = target;
        this.between = between;
        this.work = work;
    }

    private interface Timed {
        Sample run() throws IOException;
    }

    /** Snapfork compressing. */
    static CodecContender compressing(MemoryCodec codec, Path in, Path out, Format format, Job job) {
        return new CodecContender(out, List.of(), () -> Stopwatch.time(() -> codec.compress(in, out, format, job)));
    }

    /** Snapfork decoding. */
    static CodecContender decoding(MemoryCodec codec, Path in, Path out, Job job) {
        return new CodecContender(out, List.of(), () -> Stopwatch.time(() -> codec.decode(in, out, job)));
    }

    /** A command that makes the file, the peer's, and others on the way there. */
    static CodecContender commanding(Command command, Path out, Path... between) {
        return new CodecContender(out, List.of(between), command::time);
    }

    @Override
    public Sample run() throws IOException {
        try {
            var sample = work.run();
            bytes = Files.size(target);
            allocated = Image.allocated(target);
            return sample;
        } finally {
            Files.deleteIfExists(target);
            for (var file : between) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The length of the file that was made last. */
    long bytes() {
        return bytes;
    }

    /** What the file system had allocated to it, in bytes. */
    long allocated() {
        return allocated;
    }
}
