package dev.snapfork.bench;

import dev.snapfork.api.ServiceProcess;
import dev.snapfork.api.Tokens;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import dev.snapfork.local.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How many more compressions two worker processes do than one, when each has one thread of the codec and one compression at once. For
 * {@code deploy/bench/workers}.
 */
final class WorkersBenchmark {
    private static final double BAR = 1.8;
    private static final Map<String, String> ONE_THREAD =
            Map.of("snapfork.worker.codec-threads", "1", "snapfork.worker.compression-jobs", "1");
    /** Each call waits for its compression, so that nothing asks again and again. */
    private static final Map<String, String> PATIENT = Map.of("snapfork.answer.wait-limit", "300S");

    private final Path data;
    private final SharedEnvironment environment;
    private final CompressorGroup group;
    private final Api api;
    private final String instance;
    private final int inEachPartition;
    private final int level;

    private WorkersBenchmark(
            Path data,
            SharedEnvironment environment,
            CompressorGroup group,
            Api api,
            String instance,
            int each,
            int level) {
        this.data = data;
        this.environment = environment;
        this.group = group;
        this.api = api;
        this.instance = instance;
        this.inEachPartition = each;
        this.level = level;
    }

    /**
     * One measurement.
     *
     * @param rate compressions a second
     * @param own processors that the workers kept busy
     * @param all processors that everything on the machine kept busy
     */
    private record Figures(double rate, double own, double all) {}

    /** @param args a directory to work in, how many snapshots are in each of 12 partitions, how many rounds, and zstd's level */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
        var home = Path.of(args[0]).toAbsolutePath();
        var each = Integer.parseInt(args[1]);
        var rounds = Integer.parseInt(args[2]);
        var level = Integer.parseInt(args[3]);
        try {
            Command.require("bash", "zstd", "cp", "sync");
            var image = new Images(Options.defaults(Path.of("").toAbsolutePath()), home, System.err).get(Image.BUSY);
            run(home, image, each, rounds, level);
        } catch (LaunchException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    @SuppressWarnings("SystemOut")
    private static void run(Path home, Image image, int each, int rounds, int level) throws Exception {
        var data = Files.createDirectories(home.resolve("data"));
        try (var stack = new FragileStack(
                home.resolve("stack"), Path.of("target", "postgresql").toAbsolutePath())) {
            stack.startPostgres();
            stack.startBroker();
            var environment = SharedEnvironment.at(stack.addresses());
            try (var front = start("api,projection", data, PATIENT, environment);
                    var first = start("worker", data, ONE_THREAD, environment);
                    var api = new Api(front.awaitReady(), Tokens.everything());
                    var group = new CompressorGroup(environment.bootstrapServers())) {
                first.awaitReady();
                var instance = new ImportedGuests(data, api).standby(image);
                System.out.printf(
                        "%d compressions of %d MiB each with zstd %d, verified and durable; %d processors, load average %.1f%n"
                                + "a worker has one thread of the codec and one compression at once; its other threads read, write and sync%n%n",
                        each * CompressorGroup.PARTITIONS,
                        image.bytes() >> 20,
                        level,
                        Lab.processors(),
                        Stopwatch.loadAverage());
                new WorkersBenchmark(data, environment, group, api, instance, each, level).compare(first, rounds);
            }
        }
    }

    @SuppressWarnings("SystemOut")
    private void compare(ServiceProcess first, int rounds) throws Exception {
        System.out.printf(
                "%-8s %-8s %9s %15s %15s %12s%n",
                "round", "workers", "a second", "workers' cores", "machine's cores", "CPU s each");
        var one = new ArrayList<Double>();
        var two = new ArrayList<Double>();
        for (var round = 1; round <= rounds; round++) {
            group.awaitMembers(1);
            warmUp(List.of(first));
            one.add(told(round, List.of(first)));
            try (var second = start("worker", data, ONE_THREAD, environment)) {
                second.awaitReady();
                group.awaitMembers(2);
                warmUp(List.of(first, second));
                two.add(told(round, List.of(first, second)));
            }
        }
        var alone = new Series(one);
        var together = new Series(two);
        var bar = Bar.atLeast("two / one", together.median() / alone.median(), BAR);
        System.out.printf(
                "%nmedians: one %.3f a second (%s), two %.3f (%s): %s  %s%n",
                alone.median(),
                alone.spread(),
                together.median(),
                together.spread(),
                Lab.times(bar.value()),
                bar.text());
    }

    private static ServiceProcess start(
            String roles, Path data, Map<String, String> more, SharedEnvironment environment) throws IOException {
        return ServiceProcess.start(roles, data, more, environment, ServiceProcess.AS_IN_THE_IMAGE);
    }

    /** A worker that has just been started spends a part of its time on compiling what it does. */
    private void warmUp(List<ServiceProcess> workers) throws Exception {
        var snapshots = EvenSnapshots.of(api, instance, 1);
        var unused = measured(snapshots.ids(), workers);
        snapshots.delete();
    }

    @SuppressWarnings("SystemOut")
    private double told(int round, List<ServiceProcess> workers) throws Exception {
        var snapshots = EvenSnapshots.of(api, instance, inEachPartition);
        // what was written for the captures is not to be written while it is measured
        Command.of("sync").run();
        var figures = measured(snapshots.ids(), workers);
        snapshots.delete();
        System.out.printf(
                "%-8d %-8d %9.3f %15.2f %15.2f %12.2f%n",
                round, workers.size(), figures.rate, figures.own, figures.all, figures.own / figures.rate);
        return figures.rate;
    }

    /** From the first request until the last compression has settled. */
    private Figures measured(List<String> snapshots, List<ServiceProcess> workers)
            throws IOException, InterruptedException {
        var own = seconds(workers);
        var all = MachineCpu.busySeconds();
        var start = System.nanoTime();
        var calls = new ArrayList<Future<?>>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var snapshot : snapshots) {
                calls.add(callers.submit(() -> {
                    api.compressAndWait(snapshot, level);
                    return null;
                }));
            }
            for (var call : calls) {
                call.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a compression did not succeed", e);
        }
        var seconds = Stopwatch.since(start);
        return new Figures(
                snapshots.size() / seconds,
                (seconds(workers) - own) / seconds,
                (MachineCpu.busySeconds() - all) / seconds);
    }

    private static double seconds(List<ServiceProcess> workers) {
        return workers.stream()
                        .map(ServiceProcess::cpu)
                        .mapToDouble(Duration::toNanos)
                        .sum()
                / Duration.ofSeconds(1).toNanos();
    }
}
