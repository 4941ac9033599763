package dev.snapfork.machine;

import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineSpec.Disk.Format;
import dev.snapfork.instance.ImageName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The images: {@code images/{name}/} with {@code kernel}, and perhaps {@code initrd}, {@code cmdline} and {@code rootfs.raw} or
 * {@code rootfs.qcow2}. An image that machines were made of is not to be changed: make another one.
 */
public final class Images {
    private static final int LONGEST_COMMAND_LINE = 2048;

    private final Path directory;

    public Images(Path directory) {
        this.directory = directory;
    }

    /** What was found under a name. */
    public sealed interface Lookup {
        record Present(Image image) implements Lookup {}

        /** @param problem what is missing, and what to do */
        record Missing(String problem) implements Lookup {}
    }

    public Lookup find(String name) throws IOException {
        if (name.isEmpty()) {
            return new Lookup.Missing(
                    "image not found: the instance has none, as one that was imported, and so it cannot run here");
        }
        if (ImageName.problem(name).isPresent()) {
            return new Lookup.Missing("image not found: it names no directory below images/ in the data directory");
        }
        var place = directory.resolve(name);
        var kernel = place.resolve("kernel");
        if (!Files.isRegularFile(kernel)) {
            return new Lookup.Missing(
                    "image not found: " + name + " (no file images/" + name + "/kernel in the data directory)");
        }
        return new Lookup.Present(new Image(
                new MachineSpec.Kernel(kernel.toAbsolutePath(), present(place.resolve("initrd")), commandLine(place)),
                rootfs(place)));
    }

    private static @Nullable Path present(Path file) {
        return Files.isRegularFile(file) ? file.toAbsolutePath() : null;
    }

    private static String commandLine(Path place) throws IOException {
        var file = place.resolve("cmdline");
        if (!Files.isRegularFile(file)) {
            return "";
        }
        var text = Files.size(file) > LONGEST_COMMAND_LINE
                ? ""
                : Files.readString(file).strip();
        if (Files.size(file) > LONGEST_COMMAND_LINE || text.contains("\n")) {
            throw new MachineException(
                    "the image's cmdline is not one line of at most " + LONGEST_COMMAND_LINE + " bytes");
        }
        return text;
    }

    private static Image.@Nullable Rootfs rootfs(Path place) {
        for (var format : Format.values()) {
            var file = place.resolve(Disks.ROOT + Disks.suffix(format));
            if (Files.isRegularFile(file)) {
                return new Image.Rootfs(file.toAbsolutePath(), format);
            }
        }
        return null;
    }
}
