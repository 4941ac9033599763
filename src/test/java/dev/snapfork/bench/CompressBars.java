package dev.snapfork.bench;

import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** How much faster than the peer compressing is to be, and how much larger its files may be. */
final class CompressBars {
    private static final double SIZE = 1.01;
    private static final double SIZE_OF_THE_THOROUGH = 1.03;
    private static final int MOST_THOROUGH = Codec.ZSTD.maxLevel();

    private static final Map<String, Speed> SPEEDS = Map.of(
            "busy/zstd-1", new Speed(2.6, 1.9),
            "busy/zstd-3", new Speed(2.4, 2.0),
            "busy/lz4-0", new Speed(2.3, 1.9),
            "idle/zstd-1", new Speed(7, 5.5),
            "idle/lz4-0", new Speed(8, 6.5));

    private CompressBars() {}

    private record Speed(double unverified, double verified) {}

    /** The bounds of a row whose figures these are; there are none for images that are not known. */
    static List<Bar> of(String image, Format format, boolean verified, double faster, double size) {
        var bars = new ArrayList<Bar>();
        var speed = SPEEDS.get(image + "/" + CompressBenchmark.name(format));
        if (speed != null) {
            bars.add(Bar.atLeast("faster", faster, verified ? speed.verified : speed.unverified));
        }
        size(image, format, speed != null).ifPresent(limit -> bars.add(Bar.atMost("size", size, limit)));
        return bars;
    }

    private static OptionalDouble size(String image, Format format, boolean hasSpeed) {
        if (hasSpeed) {
            return OptionalDouble.of(SIZE);
        }
        var known = image.equals(Image.BUSY) || image.equals(Image.IDLE);
        return known && format.codec() == Codec.ZSTD && format.level() == MOST_THOROUGH
                ? OptionalDouble.of(SIZE_OF_THE_THOROUGH)
                : OptionalDouble.empty();
    }
}
