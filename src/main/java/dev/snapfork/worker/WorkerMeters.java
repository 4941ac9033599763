package dev.snapfork.worker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Shows how much a worker has to do, and what room it has for it. */
@ApplicationScoped
class WorkerMeters {
    private final MeterRegistry meters;

    WorkerMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    void show(String queue, KeyedDispatcher dispatcher) {
        Gauge.builder("snapfork.commands.in.work", dispatcher, KeyedDispatcher::inWork)
                .description("commands that this worker is at")
                .tag("queue", queue)
                .register(meters);
        Gauge.builder("snapfork.commands.waiting", dispatcher, KeyedDispatcher::waiting)
                .description("commands that this worker has taken and not begun with")
                .tag("queue", queue)
                .register(meters);
    }

    void showFreeSpace(Path data) {
        Gauge.builder("snapfork.data.free", data, WorkerMeters::freeBytes)
                .description("free on the disk of the data directory, for this user")
                .baseUnit("bytes")
                .register(meters);
    }

    /** Not a number where the disk does not answer, which shows as a gap. */
    private static double freeBytes(Path data) {
        try {
            return Files.getFileStore(data).getUsableSpace();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
