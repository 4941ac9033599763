package dev.snapfork.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Forks of a raw snapshot through the API, where blocks must be copied and where they can be shared. */
final class RawForkBenchmark implements Benchmark {
    private static final int WARM_UPS = 5;
    private static final int FEWEST_FORKS = 25;
    private static final double XFS_MILLIS = 60;

    @Override
    public String name() {
        return "fork";
    }

    @Override
    public Table run(Lab lab) throws Exception {
        var rows = new ArrayList<Row>();
        var here = name() + "/work";
        if (lab.picks(here)) {
            try (var service = lab.order()
                    .start(() -> LocalService.start(
                            lab.options().project(), lab.work().resolve("service")))) {
                rows.add(measured(lab, here, service));
            }
        }
        var xfs = name() + "/xfs";
        if (lab.picks(xfs)) {
            rows.add(onXfs(lab, xfs));
        }
        return new Table(
                "Forks of a raw snapshot of " + lab.images().nameOr(Image.IDLE)
                        + " through the API, milliseconds from call to answer",
                List.of("filesystem", "forks", "p50", "p99", "fastest"),
                rows);
    }

    private Row onXfs(Lab lab, String id) throws Exception {
        XfsDisk disk;
        try {
            disk = lab.order().start(() -> XfsDisk.mount(lab.work()));
        } catch (IOException e) {
            lab.progress().println("not run: " + id + ": " + e.getMessage());
            return Row.notRun(id, "an XFS in a file could not be mounted here, which needs root and mkfs.xfs");
        }
        try (disk;
                var service = lab.order()
                        .start(() -> LocalService.start(
                                lab.options().project(), disk.path().resolve("service")))) {
            return measured(lab, id, service);
        }
    }

    private static Row measured(Lab lab, String id, LocalService service) throws IOException {
        var image = lab.images().get(lab.images().nameOr(Image.IDLE));
        var forks = new Forks(service);
        var snapshot = forks.snapshot(image);
        for (var i = 0; i < WARM_UPS; i++) {
            forks.timed(snapshot);
        }
        var millis = new ArrayList<Double>();
        for (var i = 0; i < Math.max(FEWEST_FORKS, lab.options().runs()); i++) {
            millis.add(forks.timed(snapshot) * 1000);
        }
        var series = new Series(millis);
        var type = service.filesystem();
        return Row.of(
                id,
                List.of(
                        type,
                        Integer.toString(millis.size()),
                        Lab.cell(series.percentile(50), 1),
                        Lab.cell(series.percentile(99), 1),
                        Lab.cell(series.smallest(), 1)),
                Map.of(
                        "filesystem",
                        type,
                        "p50_millis",
                        series.percentile(50),
                        "p99_millis",
                        series.percentile(99),
                        "millis",
                        millis),
                type.equals("xfs") && image.name().equals(Image.IDLE)
                        ? List.of(Bar.atMost("p50", series.percentile(50), XFS_MILLIS))
                        : List.of());
    }
}
