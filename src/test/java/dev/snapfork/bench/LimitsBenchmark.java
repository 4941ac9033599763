package dev.snapfork.bench;

import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What this machine can do at most on all processors, and how near to that compressing a file comes. */
final class LimitsBenchmark implements Benchmark {
    private static final long MOST = 256L << 20;
    private static final double MEGA = 1e6;
    private static final int LAST_BARRED_LEVEL = 3;
    private static final double UNVERIFIED = 0.92;
    private static final double VERIFIED = 0.88;
    private static final List<Format> FORMATS = List.of(
            new Format(Codec.ZSTD, 1),
            new Format(Codec.ZSTD, 3),
            new Format(Codec.ZSTD, 6),
            new Format(Codec.LZ4, 0),
            new Format(Codec.LZ4, 9));

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public Table run(Lab lab) throws IOException {
        var rows = new ArrayList<Row>();
        var slice = lab.path("limits.img");
        try (var codec = new MemoryCodec(Lab.processors())) {
            var image = lab.images().get(lab.images().nameOr(Image.BUSY)).slice(MOST, slice);
            WarmUp.of(codec, image, lab);
            for (var format : FORMATS) {
                var id = name() + "/" + CompressBenchmark.name(format);
                if (lab.picks(id)) {
                    rows.add(codec(lab, codec, image, format, id));
                }
            }
            for (var limit : List.of(IoLimit.copying(), IoLimit.writing(lab.path("limits.out")))) {
                var id = name() + "/" + limit.name();
                if (lab.picks(id)) {
                    var rate = limit.bytes()
                            / lab.race()
                                    .between(List.of(limit))
                                    .getFirst()
                                    .wall()
                                    .median()
                            / MEGA;
                    rows.add(Row.of(
                            id,
                            List.of(Lab.cell(rate, 0), "-", "-", "-", "-", "-"),
                            Map.of("megabytes_a_second", rate),
                            List.of()));
                }
            }
        } finally {
            Files.deleteIfExists(slice);
        }
        return new Table(
                "Limits of all " + Lab.processors() + " processors on "
                        + lab.images().nameOr(Image.BUSY)
                        + ": MB of memory a second, medians of " + lab.options().runs()
                        + "; near is Snapfork's share of the limit, which for verified rows is that of compressing and decoding",
                List.of("limit", "decoding", "unverified", "near", "verified", "near"),
                rows);
    }

    private static Row codec(Lab lab, MemoryCodec codec, Image image, Format format, String id) throws IOException {
        var chunks = Chunks.of(image.path(), format);
        Path out = lab.path("limits" + format.codec().suffix());
        var job = Job.standard().withoutSync();
        var samples = lab.race()
                .between(List.of(
                        chunks.compressing(format),
                        chunks.decoding(format),
                        CodecContender.compressing(codec, image.path(), out, format, job.withoutVerification()),
                        CodecContender.compressing(codec, image.path(), out, format, job)));
        var seconds = samples.stream().map(it -> it.wall().median()).toList();
        var unverified = seconds.get(0) / seconds.get(2);
        var verified = (seconds.get(0) + seconds.get(1)) / seconds.get(3);
        var rates = seconds.stream().map(it -> chunks.bytes() / it / MEGA).toList();
        var bars = new ArrayList<Bar>();
        if (image.name().equals(Image.BUSY) && format.codec() == Codec.ZSTD && format.level() <= LAST_BARRED_LEVEL) {
            bars.add(Bar.atLeast("unverified", unverified, UNVERIFIED));
            bars.add(Bar.atLeast("verified", verified, VERIFIED));
        }
        return Row.of(
                id,
                List.of(
                        Lab.cell(rates.get(0), 0),
                        Lab.cell(rates.get(1), 0),
                        Lab.cell(rates.get(2), 0),
                        percent(unverified),
                        Lab.cell(rates.get(3), 0),
                        percent(verified)),
                Map.of(
                        "near_unverified", unverified,
                        "near_verified", verified,
                        "limit_compressing", samples.get(0).figures(),
                        "limit_decoding", samples.get(1).figures(),
                        "unverified", samples.get(2).figures(),
                        "verified", samples.get(3).figures()),
                bars);
    }

    private static String percent(double share) {
        return Lab.cell(share * 100, 1) + " %";
    }
}
