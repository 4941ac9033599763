package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snapfork.local.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged service with a worker whose system calls fail, which strace sees to: no seam of the service's own takes part. */
@Timeout(300)
class DiskErrorsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<ServiceProcess> processes = new ArrayList<>();
    private Path data = Path.of("");
    private Path base = Path.of("");

    @BeforeEach
    void makeTheDataDirectory() throws IOException {
        base = Files.createTempDirectory("snapfork-disk-errors-");
        data = Files.createDirectory(base.resolve("data"));
    }

    @AfterEach
    void stop() throws IOException {
        for (var process : processes.reversed()) {
            process.close();
        }
        Trees.delete(base);
    }

    private ServiceProcess start(String roles) throws IOException {
        var process = ServiceProcess.start(roles, data, Map.of("snapfork.worker.retry-limit", "1S"));
        processes.add(process);
        return process;
    }

    @Test
    void nothingIsAcknowledgedThatTheDiskDidNotConfirmAndEverythingWorksAgainAfterwards() throws Exception {
        assumeTrue(isThere("strace"), "needs strace");
        var api = ApiClient.at(start("api,projection").awaitReady());
        var worker = start("worker");
        worker.awaitReady();
        var guests = new Guests(data, api);
        var snapshots = new Snapshots(api);
        var instance = guests.newStandby();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = snapshots.take(instance, "Standby");

        try (var _ = new Failing(worker, "fsync,fdatasync", "EIO")) {
            snapshots.create(instance, "Standby", "").refuses(500, "internal_error", "have it checked");
            snapshots
                    .fork(snapshot, "\"name\":\"unsynced\",\"target_state\":\"Standby\"")
                    .refuses(500, "internal_error", "have it checked");
            snapshots.compress(snapshot, "\"level\":1").refuses(500, "internal_error", "have it checked");
        }
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot)))).isEqualTo(original);

        try (var _ = new Failing(worker, "pwrite64", "ENOSPC")) {
            snapshots.compress(snapshot, "\"level\":1").refuses(409, "insufficient_resources", "free some");
        }
        var shown = api.get("/snapshots/" + snapshot);
        assertThat(shown.text("compression_state")).as(shown.body()).isEqualTo("error");
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot)))).isEqualTo(original);

        snapshots.compress(snapshot, "\"level\":1").expect(200);
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot)))).isEqualTo(original);
        var again = snapshots.take(instance, "Standby");
        assertThat(api.get("/snapshots?instance_id=" + instance).expect(200).ids())
                .contains(snapshot, again);
        Eventually.see(LIMIT, this::leftovers, List::isEmpty);
    }

    private List<String> leftovers() {
        return Stream.of("staging", "trash")
                .flatMap(place -> {
                    try (var entries = Files.list(data.resolve(place))) {
                        return entries
                                .filter(entry -> !entry.getFileName().toString().startsWith("."))
                                .map(Path::toString)
                                .toList()
                                .stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    private static boolean isThere(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }

    /** Has system calls of a process fail for as long as this is open. */
    private final class Failing implements AutoCloseable {
        private final Process strace;

        Failing(ServiceProcess victim, String calls, String error) throws IOException {
            var said = Files.createTempFile(base, "strace-", ".log");
            strace = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-o",
                            "/dev/null",
                            "-e",
                            "trace=" + calls,
                            "-e",
                            "inject=" + calls + ":error=" + error,
                            "-p",
                            Long.toString(victim.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            Eventually.see(LIMIT, () -> read(said), text -> text.contains("attached") || !strace.isAlive());
            assertThat(strace.isAlive()).as(read(said)).isTrue();
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** On a signal it lets the process go on by itself. */
        @Override
        public void close() {
            strace.destroy();
            assertThat(strace.onExit()
                            .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .join()
                            .isAlive())
                    .isFalse();
        }
    }
}
