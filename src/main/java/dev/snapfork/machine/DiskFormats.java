package dev.snapfork.machine;

import dev.snapfork.hypervisor.MachineSpec.Disk;
import dev.snapfork.hypervisor.MachineSpec.Disk.Format;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Disks in other formats, by {@code qemu-img}. */
public final class DiskFormats {
    /** Where qcow2's header has the features that its reader must know, and the one of them for data in another file. */
    private static final int FEATURES_AT = 72;

    private static final int FEATURES_SINCE = 3;

    private static final long DATA_ELSEWHERE = 1 << 2;
    private static final int LOOK_MILLIS = 100;
    private static final int LONGEST_COMPLAINT = 500;

    private final String program;
    private final Duration limit;

    /** @param limit of one disk's conversion */
    public DiskFormats(String program, Duration limit) {
        this.program = program;
        this.limit = limit;
    }

    /**
     * Makes all disks of a staged instance raw, with holes; those that are stay as they are.
     *
     * @param cancelled looked at ten times a second
     * @throws RefusedException if the program is not installed
     * @throws MachineException if a disk cannot be read
     */
    public void makeRaw(Path directory, BooleanSupplier cancelled) throws IOException, InterruptedException {
        for (var disk : Disks.of(directory)) {
            if (disk.format() == Format.QCOW2) {
                convert(directory, disk, cancelled);
            }
        }
    }

    private void convert(Path directory, Disk disk, BooleanSupplier cancelled)
            throws IOException, InterruptedException {
        var source = directory.resolve(disk.file());
        requireOwnData(source, disk);
        var name = disk.file()
                .substring(0, disk.file().length() - Disks.suffix(Format.QCOW2).length());
        var target = directory.resolve(name + Disks.suffix(Format.RAW));
        var log = directory.resolve("qemu-img.tmp");
        Process process;
        try {
            // a file of the guest's must not be able to name others of the host's: no backing files are opened
            process = new ProcessBuilder(
                            program,
                            "convert",
                            "-S",
                            "4k",
                            "-O",
                            "raw",
                            "--image-opts",
                            "driver=qcow2,backing=,file.driver=file,file.filename=" + escaped(source),
                            target.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new RefusedException(Refusal.notSupported("the disk " + disk.file()
                    + " has to be converted, and there is no " + program + " here (package qemu-utils)"));
        }
        await(process, cancelled);
        if (process.exitValue() != 0) {
            var complaint = Files.readString(log, StandardCharsets.UTF_8).strip();
            throw new MachineException("the disk " + disk.file() + " cannot be converted: "
                    + complaint.substring(0, Math.min(complaint.length(), LONGEST_COMPLAINT)));
        }
        Files.delete(log);
        Files.delete(source);
    }

    /** Unlike a backing file, a data file that the header names cannot be left out on the command line. */
    private static void requireOwnData(Path source, Disk disk) throws IOException {
        try (var header = new DataInputStream(Files.newInputStream(source))) {
            header.readInt();
            var version = header.readInt();
            header.skipNBytes(FEATURES_AT - 2 * Integer.BYTES);
            if (version >= FEATURES_SINCE && (header.readLong() & DATA_ELSEWHERE) != 0) {
                throw new MachineException(
                        "the disk " + disk.file() + " cannot be converted: it has its data in another file");
            }
        } catch (EOFException tooShort) {
            // which the program will say
        }
    }

    private static String escaped(Path path) {
        return path.toString().replace(",", ",,");
    }

    private void await(Process process, BooleanSupplier cancelled) throws MachineException, InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        try {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException("converting a disk was cancelled");
                }
                if (System.nanoTime() > deadline) {
                    throw new MachineException("a disk was not converted within " + limit.toSeconds() + " s");
                }
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
