package dev.snapfork.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Many forks of one compressed snapshot through the API, each while those before it are there, with forks of a raw snapshot of
 * the same memory between them. Every round takes a snapshot of its own, since what is new costs the most.
 */
final class FanOutBenchmark implements Benchmark {
    private static final int FORKS = 25;
    private static final int ONE_RAW_AFTER = 5;
    private static final String ALGORITHM = "zstd";
    private static final double LAST_TO_RAW = 1.2;

    @Override
    public String name() {
        return "fan-out";
    }

    /** The seconds of one round, each in the order in which they were forked. */
    private record Round(List<Double> compressed, List<Double> raw) {
        static Round empty() {
            return new Round(new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public Table run(Lab lab) throws Exception {
        var rows = new ArrayList<Row>();
        for (var name : lab.imagesOf(this)) {
            var id = name() + "/" + name;
            if (lab.picks(id)) {
                var image = lab.images().get(name);
                try (var service = lab.order()
                        .start(() -> LocalService.start(
                                lab.options().project(), lab.work().resolve("service")))) {
                    rows.add(row(id, rounds(lab, service, image), name));
                }
            }
        }
        return new Table(
                FORKS + " forks of one snapshot compressed with " + ALGORITHM + ", through the API, medians of "
                        + lab.options().runs() + " rounds, seconds from call to answer",
                List.of(
                        "first",
                        "2nd",
                        "5th",
                        "25th",
                        "all 25",
                        "raw",
                        "26th raw",
                        "25th / raw",
                        "25th spread",
                        "raw spread"),
                rows);
    }

    private static List<Round> rounds(Lab lab, LocalService service, Image image) throws IOException {
        var forks = new Forks(service);
        var instance = service.importStandby(image);
        var raw = forks.snapshotOf(instance);
        var rounds = new ArrayList<Round>();
        // the first round warms up
        for (var i = 0; i <= lab.options().runs(); i++) {
            var compressed = forks.snapshotOf(instance);
            service.api().compress(compressed, ALGORITHM);
            rounds.add(round(forks, compressed, raw));
            forks.delete();
            service.api().delete("/snapshots/" + compressed);
        }
        return rounds.subList(1, rounds.size());
    }

    private static Round round(Forks forks, String compressed, String raw) throws IOException {
        var round = Round.empty();
        for (var i = 1; i <= FORKS; i++) {
            round.compressed.add(forks.timed(compressed));
            if (i % ONE_RAW_AFTER == 0) {
                round.raw.add(forks.timed(raw));
            }
        }
        return round;
    }

    private static Row row(String id, List<Round> rounds, String image) {
        var each = IntStream.range(0, FORKS)
                .mapToObj(fork -> new Series(
                        rounds.stream().map(round -> round.compressed.get(fork)).toList()))
                .toList();
        var raw =
                new Series(rounds.stream().flatMap(round -> round.raw.stream()).toList());
        var whole = new Series(rounds.stream()
                .map(round -> round.compressed.stream().mapToDouble(it -> it).sum())
                .toList());
        var last = each.getLast();
        // the one that came right behind it: forks wait for the disk as soon as those before them fill its cache
        var besideLast =
                new Series(rounds.stream().map(round -> round.raw.getLast()).toList());
        var ratio = last.median() / besideLast.median();
        return Row.of(
                id,
                List.of(
                        Lab.cell(each.getFirst().median(), 3),
                        Lab.cell(each.get(1).median(), 3),
                        Lab.cell(each.get(4).median(), 3),
                        Lab.cell(last.median(), 3),
                        Lab.cell(whole.median(), 3),
                        Lab.cell(raw.median(), 3),
                        Lab.cell(besideLast.median(), 3),
                        Lab.times(ratio),
                        last.spread(),
                        raw.spread()),
                Map.of(
                        "seconds_median_of_each_fork",
                                each.stream().map(Series::median).toList(),
                        "last_to_raw", ratio,
                        "raw_seconds", raw.values(),
                        "rounds_seconds", rounds.stream().map(Round::compressed).toList()),
                image.equals(Image.BUSY) || image.equals(Image.IDLE)
                        ? List.of(Bar.atMost("25th / raw", ratio, LAST_TO_RAW))
                        : List.of());
    }
}
