package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.file.SparseFile;
import dev.snapfork.hypervisor.qemu.WholeMigration;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long real machines stand still for a snapshot, beside QEMU's own migration into a file, and how long it takes from asking for a
 * fork until its guest answers, beside a boot: without HTTP and Kafka. For {@code deploy/bench/machines}.
 */
final class MachineFigures {
    private static final int RUNS = 7;
    private static final int BOOTS = 3;
    private static final int SETTLED_BAR = 20;
    private static final int COPIED_BAR = 60;
    private static final int RAW_BAR = 600;
    private static final int DECODED_BAR = 900;

    private final MachineLab lab;
    private final boolean reflinks;

    private MachineFigures(MachineLab lab, boolean reflinks) {
        this.lab = lab;
        this.reflinks = reflinks;
    }

    /** @param args directories to measure in, on filesystems with reflinks or without */
    public static void main(String[] args) throws Exception {
        System.out.printf(
                "%-36s %8s %8s %8s %8s %8s  %s%n",
                "median ms of " + RUNS, "peer", "ours", "least", "most", "faster", "bar");
        for (var home : args) {
            var data = Files.createTempDirectory(Path.of(home), "f");
            try (var lab = MachineLab.on(data)) {
                new MachineFigures(lab, SparseFile.supportsReflink(data)).measure();
            }
        }
    }

    private void measure() throws Exception {
        for (var size : reflinks ? List.of("128MB", "256MB", "1GB") : List.of("256MB")) {
            var boots = size.equals("256MB") ? boots(size) : List.<Double>of();
            var source = boot(size);
            pauses(source, size);
            if (!boots.isEmpty()) {
                forks(source, boots);
            }
            done(new Command.DeleteInstance(source));
        }
    }

    private InstanceId boot(String size) throws Exception {
        var id = MachineLab.newInstance();
        done(new Command.CreateInstance(
                id, size.toLowerCase(Locale.ROOT) + id, MachineLab.example(Hypervisor.QEMU, size)));
        lab.console(id, MachineLab.BOOT).close();
        return id;
    }

    private List<Double> boots(String size) throws Exception {
        var times = new ArrayList<Double>();
        for (var run = 0; run < BOOTS; run++) {
            var begun = System.nanoTime();
            var id = boot(size);
            times.add(millisSince(begun));
            done(new Command.DeleteInstance(id));
        }
        return times;
    }

    private void pauses(InstanceId source, String size) throws Exception {
        var pauses = new ArrayList<Double>();
        var copies = new ArrayList<Double>();
        var peers = new ArrayList<Double>();
        for (var run = 0; run <= RUNS; run++) {
            var file = lab.store().layout().staging().resolve("peer");
            var home = lab.machine(source).home();
            var peer = WholeMigration.pause(home, file).toNanos() / 1e6;
            Files.delete(file);
            var id = MachineLab.newSnapshot();
            var pause = done(snapshot(id, source)).pauseMs();
            var begun = System.nanoTime();
            SparseFile.copy(home.memory(), file);
            var copied = millisSince(begun);
            Files.delete(file);
            // the first one is for warming up
            if (run > 0 && pause != null) {
                peers.add(peer);
                pauses.add((double) pause);
                copies.add(copied);
            }
            done(new Command.DeleteSnapshot(id));
        }
        print("pause of " + size, peers, pauses, reflinks ? SETTLED_BAR : COPIED_BAR + median(copies));
    }

    private void forks(InstanceId source, List<Double> boots) throws Exception {
        var id = MachineLab.newSnapshot();
        done(snapshot(id, source));
        print("fork of raw memory answers", boots, forksOf(id), RAW_BAR);
        done(new Command.CompressSnapshot(id, CompressionConfig.of(CompressionAlgorithm.ZSTD, 1)));
        print("fork of zstd 1 answers", boots, forksOf(id), DECODED_BAR);
        done(new Command.DeleteSnapshot(id));
        print("first fork of zstd 1 answers", boots, firstForks(source), DECODED_BAR);
    }

    private List<Double> forksOf(SnapshotId id) throws Exception {
        var times = new ArrayList<Double>();
        forkOf(id);
        for (var run = 0; run < RUNS; run++) {
            times.add(forkOf(id));
        }
        return times;
    }

    /** Of snapshots that nobody has decoded yet. */
    private List<Double> firstForks(InstanceId source) throws Exception {
        var times = new ArrayList<Double>();
        for (var run = 0; run < RUNS; run++) {
            var id = MachineLab.newSnapshot();
            done(snapshot(id, source));
            done(new Command.CompressSnapshot(id, CompressionConfig.of(CompressionAlgorithm.ZSTD, 1)));
            times.add(forkOf(id));
            done(new Command.DeleteSnapshot(id));
        }
        return times;
    }

    private double forkOf(SnapshotId id) throws Exception {
        var fork = MachineLab.newInstance();
        var begun = System.nanoTime();
        done(new Command.ForkSnapshot(id, fork, "f" + fork.value().substring(0, 20), null, null));
        try (var console = lab.console(fork, MachineLab.SOON)) {
            console.ask("token", MachineLab.SOON);
        }
        var took = millisSince(begun);
        done(new Command.DeleteInstance(fork));
        return took;
    }

    private static double millisSince(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double median(List<Double> times) {
        Collections.sort(times);
        return times.get(times.size() / 2);
    }

    private void print(String what, List<Double> peers, List<Double> times, double bar) {
        var ours = median(times);
        System.out.printf(
                "%-36s %8.0f %8.0f %8.0f %8.0f %7.1fx  %s%n",
                what + (reflinks ? ", reflinks" : ""),
                median(peers),
                ours,
                times.getFirst(),
                times.getLast(),
                median(peers) / ours,
                "%.0f %s".formatted(bar, ours <= bar ? "met" : "MISSED"));
    }

    private static Command snapshot(SnapshotId id, InstanceId of) {
        return new Command.CreateSnapshot(id, of, SnapshotKind.STANDBY, null, Map.of(), null);
    }

    private Operation done(Command command) throws IOException {
        var end = lab.does(command);
        if (end.status() != OperationStatus.SUCCEEDED) {
            throw new IOException(end.toString());
        }
        return end;
    }
}
