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

/**
 * Decoding a compressed memory file, each its own at the lowest level: to a file, and to the file that a fork runs on, for
 * which the peer copies once more.
 */
final class DecodeBenchmark implements Benchmark {
    private static final Map<String, Double> TO_A_FILE =
            Map.of("busy/zstd", 2.0, "busy/lz4", 2.2, "idle/zstd", 6.0, "idle/lz4", 8.0);
    private static final Map<String, Double> TO_A_FORK =
            Map.of("busy/zstd", 3.0, "busy/lz4", 3.0, "idle/zstd", 8.0, "idle/lz4", 8.0);

    private final String name;
    private final boolean forking;

    private DecodeBenchmark(String name, boolean forking) {
        this.name = name;
        this.forking = forking;
    }

    static DecodeBenchmark toAFile() {
        return new DecodeBenchmark("decode", false);
    }

    static DecodeBenchmark toAFork() {
        return new DecodeBenchmark("fork-memory", true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Table run(Lab lab) throws IOException {
        var rows = new ArrayList<Row>();
        var images = lab.imagesOf(this);
        try (var codec = new MemoryCodec(Lab.processors())) {
            WarmUp.of(codec, lab.images().get(images.getFirst()), lab);
            for (var image : images) {
                for (var format : Codec.values()) {
                    var id = name + "/" + image + "/" + format;
                    if (lab.picks(id)) {
                        rows.add(measured(lab, codec, lab.images().get(image), format, id));
                    }
                }
            }
        }
        return new Table(
                (forking
                                ? "From compressed memory to the file that a fork runs on; the peer decodes, then copies with its holes"
                                : "Decoding to a file")
                        + ": medians of " + lab.options().runs()
                        + "; blocks are what is allocated, divided by what the source has",
                Duel.columns("peer blocks", "blocks"),
                rows);
    }

    private Row measured(Lab lab, MemoryCodec codec, Image image, Codec format, String id) throws IOException {
        var lowest = new Format(format, format.minLevel());
        var ours = lab.path("ours" + format.suffix());
        var theirs = lab.path("theirs" + format.suffix());
        try {
            codec.compress(image.path(), ours, lowest, Job.standard());
            Peer.compress(lowest, image.path(), theirs).run();
            var out = lab.path("ours.img");
            var peer = peer(lab, format, theirs);
            var snapfork =
                    CodecContender.decoding(codec, ours, out, Job.standard().withoutSync());
            var samples = lab.race().between(List.of(peer, snapfork));
            var source = Image.allocated(image.path());
            return row(
                    id,
                    image.name() + "/" + format,
                    new Duel(samples.getFirst(), samples.getLast()),
                    (double) peer.allocated() / source,
                    (double) snapfork.allocated() / source);
        } finally {
            Files.deleteIfExists(ours);
            Files.deleteIfExists(theirs);
        }
    }

    private CodecContender peer(Lab lab, Codec format, Path compressed) throws IOException {
        var out = lab.path("theirs.img");
        var decode = Peer.decode(format, compressed, out);
        if (!forking) {
            return CodecContender.commanding(decode, out);
        }
        var copy = lab.path("theirs-copy.img");
        return CodecContender.commanding(decode.then(Peer.copy(out, copy)), copy, out);
    }

    private Row row(String id, String key, Duel duel, double peerBlocks, double blocks) {
        var bars = new ArrayList<Bar>();
        var faster = (forking ? TO_A_FORK : TO_A_FILE).get(key);
        if (faster != null) {
            bars.add(Bar.atLeast("faster", duel.faster(), faster));
            if (!forking) {
                bars.add(Bar.atMost("blocks", blocks, 1));
            }
        }
        return Row.of(
                id,
                duel.cells(Lab.cell(peerBlocks, 3), Lab.cell(blocks, 3)),
                duel.figures(Map.of("peer_blocks_ratio", peerBlocks, "blocks_ratio", blocks)),
                bars);
    }
}
