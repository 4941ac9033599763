package dev.snapfork.platform;

import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.Hypervisor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker knows of its host. The stage that answers does not know the one that works, so this stands between them; it may be
 * asked only where this process is a worker.
 */
public interface HostReport {
    /** Asks each monitor what it is, which takes a while the first time. */
    Host look() throws InterruptedException;

    /** @param reflinks whether copies in the data directory share blocks, and so cost nothing */
    record Host(
            List<Monitor> hypervisors,
            String defaultHypervisor,
            boolean reflinks,
            @Nullable Long freeBytes,
            Limits limits) {
        public Host {
            hypervisors = List.copyOf(hypervisors);
        }
    }

    /** @param reason why no machine of that kind can run here, and what to do about it; null if they can */
    record Monitor(
            Hypervisor name,
            boolean available,
            @Nullable String version,
            @Nullable List<String> machineTypes,
            @Nullable String accelerator,
            @Nullable String architecture,
            @Nullable String reason) {}

    /** What this process, and its machines, may take on; 0 is no bound. */
    record Limits(
            int maxInFlight,
            int compressionJobs,
            int copyJobs,
            long compressionRateBytes,
            long forkCacheBytes,
            long maxMemoryBytes,
            int maxVcpus) {
        /** Those that are configured. */
        public static Limits of(SnapforkConfig config) {
            var worker = config.worker();
            ByteSize memory = config.machines().maxMemory();
            return new Limits(
                    worker.maxInFlight(),
                    worker.compressionJobs(),
                    worker.copyJobs(),
                    worker.compressionRate().bytes(),
                    worker.forkCache().bytes(),
                    memory.bytes(),
                    config.machines().maxVcpus());
        }
    }
}
