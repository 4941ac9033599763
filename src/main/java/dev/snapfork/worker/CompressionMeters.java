package dev.snapfork.worker;

import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.memory.Compressed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;

/** Counts what compressing made of what. Holes are no data: a ratio that counted them would say nothing of the codec. */
@ApplicationScoped
class CompressionMeters {
    private static final double[] RATIOS = {1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64};

    private final MeterRegistry meters;

    CompressionMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Memory was compressed; whether a manifest ever names the result is another matter. */
    void made(CompressionConfig wanted, Compressed result) {
        var algorithm = wanted.effectiveAlgorithm().text();
        bytes("snapfork.compression.read", "data that was compressed, holes left out", algorithm)
                .increment((double) result.dataBytes());
        bytes("snapfork.compression.written", "what compressing wrote", algorithm)
                .increment((double) result.compressedBytes());
        if (result.dataBytes() > 0 && result.compressedBytes() > 0) {
            DistributionSummary.builder("snapfork.compression.ratio")
                    .description("bytes of data in for each byte out, of each memory compressed")
                    .tag("algorithm", algorithm)
                    .serviceLevelObjectives(RATIOS)
                    .register(meters)
                    .record((double) result.dataBytes() / result.compressedBytes());
        }
    }

    private Counter bytes(String name, String what, String algorithm) {
        return Counter.builder(name)
                .description(what)
                .baseUnit("bytes")
                .tag("algorithm", algorithm)
                .register(meters);
    }
}
