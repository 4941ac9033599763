package dev.snapfork.bench;

import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import java.io.IOException;
import java.nio.file.Files;

/** Lets the JVM compile the codec, as it has in a service that has run for a minute. */
final class WarmUp {
    private static final int TIMES = 15;
    private static final long BYTES = 64L << 20;

    private WarmUp() {}

    static void of(MemoryCodec codec, Image image, Lab lab) throws IOException {
        var own = lab.path("warm-up.img");
        var compressed = lab.path("warm-up");
        var raw = lab.path("warm-up.raw");
        var in = image.slice(BYTES, own).path();
        try {
            for (var i = 0; i < TIMES; i++) {
                for (var format : Codec.values()) {
                    var job = Job.standard().withoutSync();
                    codec.compress(in, compressed, new Format(format, format.minLevel()), job);
                    codec.decode(compressed, raw, job);
                    Files.delete(compressed);
                    Files.delete(raw);
                }
            }
        } finally {
            Files.deleteIfExists(own);
            Files.deleteIfExists(compressed);
            Files.deleteIfExists(raw);
        }
    }
}
