package dev.snapfork.worker;

import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.Instance;
import dev.snapfork.machine.Disks;
import dev.snapfork.machine.Image;
import dev.snapfork.machine.Images;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The machines that instances are to have. */
@ApplicationScoped
class Specs {
    static final int DEFAULT_VCPUS = 2;
    static final long DEFAULT_MEMORY = 1L << 30;

    private final Images images;

    Specs(Images images) {
        this.images = images;
    }

    /**
     * The image of that name.
     *
     * @throws RefusedException if there is none
     */
    Image image(String name) throws IOException {
        return switch (images.find(name)) {
            case Images.Lookup.Present(var image) -> image;
            case Images.Lookup.Missing(var problem) -> throw new RefusedException(Refusal.notFound(problem));
        };
    }

    /**
     * The machine of an instance.
     *
     * @param directory where its disks lie now
     * @param mac of its network; null if it is to have none
     * @param operation that wants the machine; from it follows what tells it from its forks
     * @throws RefusedException if its image is not there, or no machine can be so
     */
    MachineSpec of(Instance instance, Path directory, @Nullable String mac, OperationId operation) throws IOException {
        try {
            return new MachineSpec(
                    instance.hypervisor(),
                    instance.vcpus() == null ? DEFAULT_VCPUS : instance.vcpus(),
                    memory(instance),
                    image(instance.image()).kernel(),
                    Disks.of(directory),
                    mac,
                    generation(operation));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Refusal.invalidRequest(String.valueOf(e.getMessage())));
        }
    }

    /** An unset size was written as 0 by others. */
    static long memory(Instance instance) {
        var size = instance.size();
        return size == null || size.equals(new ByteSize(0)) ? DEFAULT_MEMORY : size.bytes();
    }

    static UUID generation(OperationId operation) {
        return UUID.nameUUIDFromBytes(operation.value().getBytes(StandardCharsets.UTF_8));
    }
}
