package dev.snapfork.machine;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.hypervisor.MachineSpec.Disk;
import dev.snapfork.hypervisor.MachineSpec.Disk.Format;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The disks in an instance's directory, known by their names: the root, the overlay, and the configuration that others' have. */
public final class Disks {
    static final String ROOT = "rootfs";
    static final String OVERLAY = "overlay";
    /** Of instances that hypeman made: read by the guest, written by the host. */
    private static final String CONFIG = "config.ext4";

    private Disks() {}

    static String suffix(Format format) {
        return "." + format.name().toLowerCase(Locale.ROOT);
    }

    /** Those that are there, in the order in which every machine of the instance has them. */
    public static List<Disk> of(Path directory) {
        var disks = new ArrayList<Disk>();
        for (var name : List.of(ROOT, OVERLAY)) {
            for (var format : Format.values()) {
                if (Files.isRegularFile(directory.resolve(name + suffix(format)), NOFOLLOW_LINKS)) {
                    disks.add(new Disk(name + suffix(format), format, false));
                }
            }
        }
        if (Files.isRegularFile(directory.resolve(CONFIG), NOFOLLOW_LINKS)) {
            disks.add(new Disk(CONFIG, Format.RAW, true));
        }
        return List.copyOf(disks);
    }

    /** Where the copy of an image's root belongs. */
    public static Path root(Path directory, Format format) {
        return directory.resolve(ROOT + suffix(format));
    }

    /** Makes an empty overlay that occupies nothing. */
    public static void makeOverlay(Path directory, long bytes) throws IOException {
        try (var file = new RandomAccessFile(
                directory.resolve(OVERLAY + suffix(Format.RAW)).toFile(), "rw")) {
            file.setLength(bytes);
        }
    }
}
