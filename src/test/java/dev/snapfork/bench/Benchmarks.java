package dev.snapfork.bench;

import dev.snapfork.local.LaunchException;
import dev.snapfork.local.StopOrder;
import java.nio.file.Path;
import java.time.Instant;
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
            new Benchmarks(Options.parse(project, arguments.subList(1, arguments.size()))).run();
            status = 0;
        } catch (LaunchException e) {
            System.err.println(e.getMessage());
        } catch (Exception e) {
            e.printStackTrace(System.err);
        }
        System.exit(status);
    }

    @SuppressWarnings("SystemOut")
    private void run() throws Exception {
        var chosen = chosen();
        Command.require("bash", "zstd", "lz4", "cp", "sync", "stat");
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(order::stop));
        var report = new Report(options, Instant.now());
        try {
            var parent = options.work().orElse(options.project().resolve("target"));
            var work = order.start(() -> WorkDirectory.below(parent)).path();
            var lab = new Lab(options, work, new Images(options, work, System.err), order, System.err);
            for (var benchmark : chosen) {
                var table = benchmark.run(lab);
                table.print(System.out);
                report.add(benchmark.name(), table);
                report.write(options.json());
            }
            System.out.println("\nEverything as JSON: " + options.json());
        } finally {
            order.stop();
        }
    }

    private List<Benchmark> chosen() {
        var only = options.only();
        for (var wanted : only.wanted()) {
            if (ALL.stream().noneMatch(it -> new Selection(List.of(wanted)).touches(it.name()))) {
                throw new LaunchException("There is no table for " + wanted + ": the tables are "
                        + String.join(", ", ALL.stream().map(Benchmark::name).toList()) + ".");
            }
        }
        return ALL.stream().filter(it -> only.touches(it.name())).toList();
    }
}
