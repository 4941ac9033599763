package dev.snapfork.bench;

import dev.snapfork.local.LaunchException;
import dev.snapfork.local.StopOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures what was asked for and prints it. {@code deploy/bench/run} starts it, with the project's directory and then the
 * options. Ends with status 1 when something could not be measured; a bar that is missed is no error, since machines are noisy.
 */
final class Benchmarks {
    private static final List<Benchmark> ALL = List.of(
            new CompressBenchmark(),
            DecodeBenchmark.toAFile(),
            DecodeBenchmark.toAFork(),
            new FanOutBenchmark(),
            new RawForkBenchmark(),
            new PeakMemoryBenchmark(),
            new LimitsBenchmark(),
            new PipelineBenchmark());

    private final Options options;
    private final StopOrder order = new StopOrder(System.err::println);

    private Benchmarks(Options options) {
        this.options = options;
    }

    /** Runs them. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        var arguments = List.of(args);
        var status = 1;
        try {
            var project = Path.of(arguments.getFirst());
            var benchmarks = new Benchmarks(Options.parse(project, arguments.subList(1, arguments.size())));
            status = benchmarks.run() ? 0 : 1;
        } catch (LaunchException e) {
            System.err.println(e.getMessage());
        } catch (Exception e) {
            e.printStackTrace(System.err);
        }
        System.exit(status);
    }

    /** Returns false when it was broken off from outside. */
    @SuppressWarnings("SystemOut")
    private boolean run() throws Exception {
        var chosen = chosen();
        Command.require("bash", "zstd", "lz4", "cp", "sync", "stat");
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(order::stop));
        try {
            measure(chosen);
            return true;
        } catch (Exception e) {
            // what breaks because everything is being stopped is no news
            if (order.stopping()) {
                return false;
            }
            throw e;
        } finally {
            order.stop();
        }
    }

    @SuppressWarnings("SystemOut")
    private void measure(List<Benchmark> chosen) throws Exception {
        var load = Stopwatch.loadAverage();
        System.out.println(Lab.processors() + " processors, load average at the start " + Lab.cell(load, 2)
                + "; what others run meanwhile is in the figures");
        var report = new Report(options, Instant.now(), load);
        var parent = options.work().orElse(options.project().resolve("target"));
        var work = order.start(() -> WorkDirectory.below(parent)).path();
        var lab = new Lab(options, work, new Images(options, work, System.err), order, System.err);
        var ids = new ArrayList<String>();
        for (var benchmark : chosen) {
            var table = benchmark.run(lab);
            table.print(System.out);
            table.rows().forEach(row -> ids.add(row.id()));
            report.add(benchmark.name(), table);
            report.write(options.json());
        }
        System.out.println("\nEverything as JSON: " + options.json());
        var missing = options.only().missingAmong(ids);
        if (!missing.isEmpty()) {
            throw new LaunchException("There is no row " + String.join(", ", missing) + ".");
        }
    }

    private List<Benchmark> chosen() {
        var names = ALL.stream().map(Benchmark::name).toList();
        for (var wanted : options.only().wanted()) {
            if (names.stream().noneMatch(new Selection(List.of(wanted))::picks)) {
                throw new LaunchException(
                        "There is no table for " + wanted + ": the tables are " + String.join(", ", names) + ".");
            }
        }
        return ALL.stream().filter(it -> options.only().picks(it.name())).toList();
    }
}
