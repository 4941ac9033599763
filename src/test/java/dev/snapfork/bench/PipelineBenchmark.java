package dev.snapfork.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** What a command costs that has next to nothing to do: from the call until it has settled, shows, and is answered. */
final class PipelineBenchmark implements Benchmark {
    /** After so many the JVM has compiled what it will: the service is measured as it is for most of its life. */
    private static final int WARM_UPS = 20_000;

    private static final int FEWEST_CALLS = 200;
    private static final int COMMANDS = 2_000;
    private static final int IN_FLIGHT = 32;
    private static final int INSTANCES = 16;
    private static final String KIND = "{\"kind\":\"Stopped\"}";

    @Override
    public String name() {
        return "pipeline";
    }

    @Override
    public Table run(Lab lab) throws Exception {
        var rows = new ArrayList<Row>();
        try (var service = lab.order()
                .start(() ->
                        LocalService.start(lab.options().project(), lab.work().resolve("service")))) {
            var paths = new ArrayList<String>();
            for (var i = 0; i < INSTANCES; i++) {
                paths.add(path(service.importStopped()));
            }
            flood(service, paths, WARM_UPS);
            if (lab.picks(name() + "/latency")) {
                rows.add(latency(lab, service));
            }
            if (lab.picks(name() + "/throughput")) {
                rows.add(throughput(lab, service, paths));
            }
        }
        return new Table(
                "POST /instances/{id}/snapshots of next to nothing, from call to answer: milliseconds one after the other, and"
                        + " settled commands a second with " + IN_FLIGHT + " in flight",
                List.of("commands", "p50 ms", "p99 ms", "a second"),
                rows);
    }

    private Row latency(Lab lab, LocalService service) throws IOException {
        var path = path(service.importStopped());
        var millis = new ArrayList<Double>();
        for (var i = 0; i < Math.max(FEWEST_CALLS, lab.options().runs()); i++) {
            millis.add(service.api().timedPost(path, KIND) * 1000);
        }
        var series = new Series(millis);
        return Row.of(
                name() + "/latency",
                List.of(
                        Integer.toString(millis.size()),
                        Lab.cell(series.percentile(50), 1),
                        Lab.cell(series.percentile(99), 1),
                        "-"),
                Map.of("p50_millis", series.percentile(50), "p99_millis", series.percentile(99), "millis", millis),
                List.of(Bar.atMost("p50", series.percentile(50), 15), Bar.atMost("p99", series.percentile(99), 60)));
    }

    private Row throughput(Lab lab, LocalService service, List<String> paths) throws Exception {
        var rates = new ArrayList<Double>();
        var millis = List.<Double>of();
        for (var i = 0; i < lab.options().runs(); i++) {
            var start = System.nanoTime();
            millis = flood(service, paths, COMMANDS);
            rates.add(COMMANDS / Stopwatch.since(start));
        }
        var rate = new Series(rates);
        var last = new Series(millis);
        return Row.of(
                name() + "/throughput",
                List.of(
                        Integer.toString(COMMANDS),
                        Lab.cell(last.percentile(50), 1),
                        Lab.cell(last.percentile(99), 1),
                        Lab.cell(rate.median(), 0)),
                Map.of("commands_a_second_median", rate.median(), "commands_a_second", rates),
                List.of(Bar.atLeast("a second", rate.median(), 300)));
    }

    /** Sends so many commands, the next of each of {@link #IN_FLIGHT} clients when its last has settled; returns their milliseconds. */
    private static List<Double> flood(LocalService service, List<String> paths, int commands) throws Exception {
        var next = new AtomicInteger();
        var clients = new ArrayList<Future<List<Double>>>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var client = 0; client < IN_FLIGHT; client++) {
                clients.add(executor.submit(() -> {
                    var millis = new ArrayList<Double>();
                    for (var i = next.getAndIncrement(); i < commands; i = next.getAndIncrement()) {
                        millis.add(service.api().timedPost(paths.get(i % paths.size()), KIND) * 1000);
                    }
                    return millis;
                }));
            }
            var all = new ArrayList<Double>();
            for (var client : clients) {
                all.addAll(client.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new IOException("a command did not settle", e);
        }
    }

    private static String path(String instance) {
        return "/instances/" + instance + "/snapshots";
    }
}
