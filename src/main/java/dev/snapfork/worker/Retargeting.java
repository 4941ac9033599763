package dev.snapfork.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.machine.DiskFormats;
import dev.snapfork.machine.Machines;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.store.Metadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes the disks of a stopped machine to another hypervisor, where its processor is the same. */
@ApplicationScoped
class Retargeting {
    /** As images name them; what Linux calls them is on the right. */
    private static final Map<String, String> ARCHITECTURES = Map.of("amd64", "x86_64", "arm64", "aarch64");

    private final Machines machines;
    private final DiskFormats formats;

    Retargeting(Machines machines, DiskFormats formats) {
        this.machines = machines;
        this.formats = formats;
    }

    /** Why the snapshot's machine cannot be taken there; empty if it can, or stays where it is. */
    Optional<Refusal> refusal(ObjectNode metadata, Snapshot snapshot, @Nullable Hypervisor target)
            throws InterruptedException {
        if (target == null || target == snapshot.sourceHypervisor()) {
            return Optional.empty();
        }
        var guest = architecture(metadata, snapshot.sourceHypervisor());
        var host = machines.architecture(target);
        return guest.equals(host)
                ? Optional.empty()
                : Optional.of(Refusal.invalidRequest("the snapshot is of a machine with an " + guest
                        + " processor, and " + target.text() + " runs " + host + " ones here"));
    }

    /** What an image's platform says; of those that say nothing, vz has Apple's processors and others this host's. */
    private String architecture(ObjectNode metadata, Hypervisor source) {
        var platform = metadata.path("Platform").asText("").split("/", -1);
        var named = platform.length > 1 ? platform[1] : source == Hypervisor.VZ ? "arm64" : "";
        return named.isEmpty()
                ? System.getProperty("os.arch").replace("amd64", "x86_64")
                : ARCHITECTURES.getOrDefault(named, named);
    }

    /**
     * Re-targets a staged directory.
     *
     * @return the metadata as they are then
     */
    ObjectNode apply(ObjectNode metadata, @Nullable Hypervisor target, Path staged, Work work)
            throws IOException, InterruptedException {
        if (target == null
                || target.text().equals(metadata.path("HypervisorType").asText())) {
            return metadata;
        }
        switch (target) {
            case CLOUD_HYPERVISOR, FIRECRACKER -> formats.makeRaw(staged, work::ends);
            case QEMU, QEMU_MICROVM, VZ -> {}
        }
        return Metadata.on(metadata, target);
    }
}
