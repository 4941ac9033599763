package dev.snapfork.bench;

import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The process whose memory {@link PeakMemoryBenchmark} looks at: compresses one file and ends. It says when it is about to and
 * when it has, and waits for a line each time, so that it can be looked at while it does nothing.
 */
final class PeakMemoryProcess {
    /** What it says when it has its threads and has compressed nothing. */
    static final String IDLE = "idle";

    /** What it says when the file is compressed. */
    static final String DONE = "done";

    private PeakMemoryProcess() {}

    /** Arguments: the file, the target, the codec, the level. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var format = new Format(Codec.valueOf(args[2]), Integer.parseInt(args[3]));
        try (var codec = new MemoryCodec(Lab.processors())) {
            System.out.println(IDLE);
            lines.readLine();
            codec.compress(Path.of(args[0]), Path.of(args[1]), format, Job.standard());
            System.out.println(DONE);
            lines.readLine();
        }
    }
}
