package dev.snapfork.hypervisor;

import dev.snapfork.hypervisor.process.ProcessKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What can be seen of machines from outside. */
public final class Machines {
    private Machines() {}

    /** The processes of all machines whose label ends with this directory. */
    public static List<ProcessKey> below(Path directory) throws IOException {
        return all(label -> label.endsWith("-" + directory));
    }

    public static List<ProcessKey> labelled(String label) throws IOException {
        return all(label::equals);
    }

    private static List<ProcessKey> all(Predicate<String> wanted) throws IOException {
        List<ProcessKey> found = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                var key = ProcessKey.of(Long.parseLong(process.getFileName().toString()));
                if (key.lives() && wanted.test(label(process))) {
                    found.add(key);
                }
            }
        }
        return found;
    }

    private static String label(Path process) {
        try {
            for (var entry : Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                    .split("\0", -1)) {
                if (entry.startsWith(MachineHome.LABEL + "=")) {
                    return entry.substring(MachineHome.LABEL.length() + 1);
                }
            }
        } catch (IOException goneOrAnothers) {
            // has none
        }
        return "";
    }

    public static List<String> openFiles(RunningMachine machine) throws IOException {
        List<String> files = new ArrayList<>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(machine.pid()), "fd"))) {
            for (var descriptor : descriptors) {
                files.add(Files.readSymbolicLink(descriptor).toString());
            }
        }
        return files;
    }

    /** Every file's name and what is in it. */
    public static Map<String, String> digests(Path directory) throws IOException, NoSuchAlgorithmException {
        Map<String, String> digests = new TreeMap<>();
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                digests.put(file.getFileName().toString(), HexFormat.of().formatHex(digest));
            }
        }
        return digests;
    }
}
