package dev.snapfork.bench;

import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compressing a memory file, verified and not, synced and not, against the peer's tools. */
final class CompressBenchmark implements Benchmark {
    private static final int MOST_THOROUGH = Codec.ZSTD.maxLevel();
    private static final long SLICE = 64L << 20;
    private static final List<Format> FORMATS = List.of(
            new Format(Codec.ZSTD, 1),
            new Format(Codec.ZSTD, 3),
            new Format(Codec.ZSTD, 6),
            new Format(Codec.ZSTD, MOST_THOROUGH),
            new Format(Codec.LZ4, 0),
            new Format(Codec.LZ4, 9));

    /** Up to here syncing is a good part of the whole. */
    private static final int LAST_FAST_LEVEL = 3;

    @Override
    public String name() {
        return "compress";
    }

    /** How a format is called in rows' ids. */
    static String name(Format format) {
        return format.codec() + "-" + format.level();
    }

    @Override
    public Table run(Lab lab) throws IOException {
        var rows = new ArrayList<Row>();
        var images = lab.imagesOf(this);
        try (var codec = new MemoryCodec(Lab.processors())) {
            WarmUp.of(codec, lab.images().get(images.getFirst()), lab);
            for (var image : images) {
                for (var format : FORMATS) {
                    var id = name() + "/" + image + "/" + name(format);
                    if (lab.picks(id)) {
                        rows.addAll(measured(lab, codec, lab.images().get(image), format, id));
                    }
                }
            }
        }
        return new Table(
                "Compressing: medians of " + lab.options().runs()
                        + ", seconds; ratios are the peer's divided by Snapfork's,"
                        + " sizes Snapfork's divided by the peer's; level " + MOST_THOROUGH + " on the first 64 MiB",
                Duel.columns("size"),
                rows);
    }

    private static List<Row> measured(Lab lab, MemoryCodec codec, Image image, Format format, String id)
            throws IOException {
        var slice = lab.path("slice.img");
        var thorough = format.level() == MOST_THOROUGH;
        try {
            var in = (thorough ? image.slice(SLICE, slice) : image).path();
            var out = lab.path("ours" + format.codec().suffix());
            var theirs = lab.path("theirs" + format.codec().suffix());
            var command = Peer.compress(format, in, theirs);
            var fast = Job.standard().withoutSync();
            var contenders = new ArrayList<>(List.of(
                    CodecContender.commanding(command, theirs),
                    CodecContender.compressing(codec, in, out, format, fast.withoutVerification()),
                    CodecContender.compressing(codec, in, out, format, fast)));
            if (format.level() <= LAST_FAST_LEVEL) {
                contenders.add(CodecContender.commanding(command.then(Peer.sync(theirs)), theirs));
                contenders.add(CodecContender.compressing(codec, in, out, format, Job.standard()));
            }
            var race = thorough ? new Race(0, lab.options().runs()) : lab.race();
            return rows(id, image, format, contenders, race.between(contenders));
        } finally {
            Files.deleteIfExists(slice);
        }
    }

    private static List<Row> rows(
            String id, Image image, Format format, List<CodecContender> contenders, List<Samples> samples) {
        var size = (double) contenders.get(1).bytes() / contenders.getFirst().bytes();
        var rows = new ArrayList<Row>();
        for (var verified : List.of(false, true)) {
            var ours = samples.get(verified ? 2 : 1);
            var duel = new Duel(samples.getFirst(), ours);
            var bars = CompressBars.of(image.name(), format, verified, duel.faster(), size);
            rows.add(row(id + (verified ? "/verified" : "/unverified"), duel, size, bars));
        }
        if (samples.size() > 3) {
            rows.add(row(id + "/durable", new Duel(samples.get(3), samples.get(4)), size, List.of()));
        }
        return rows;
    }

    private static Row row(String id, Duel duel, double size, List<Bar> bars) {
        return Row.of(id, duel.cells(Lab.cell(size, 3)), duel.figures(Map.of("size_ratio", size)), bars);
    }
}
