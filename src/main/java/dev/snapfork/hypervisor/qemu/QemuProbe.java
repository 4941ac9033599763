package dev.snapfork.hypervisor.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what QEMU is installed and whether KVM runs guests, by asking and trying. */
final class QemuProbe {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    /** A guest that does anything at all has done this within milliseconds. */
    private static final Duration CANARY_LIMIT = Duration.ofSeconds(5);

    private static final Pattern CLOCK = Pattern.compile("cpu MHz\\s*:\\s*(\\d+)(?:\\.\\d*)?");
    private static final long GUESSED_KHZ = 2_000_000;
    private static final String QUESTIONS = """
            {"execute":"qmp_capabilities"}
            {"execute":"query-version"}
            {"execute":"query-machines"}
            {"execute":"quit"}
            """;
    /** mov dx,0x501; mov al,1; out dx,al; cli; hlt: by writing there QEMU's debug device ends QEMU. */
    private static final byte[] CANARY = {
        (byte) 0xba, 0x01, 0x05, (byte) 0xb0, 0x01, (byte) 0xee, (byte) 0xfa, (byte) 0xf4
    };

    private static final int SECTOR = 512;
    /** QEMU's status for a 1 written to the debug device. */
    private static final int SUNG = 3;

    private final QemuConfig config;

    QemuProbe(QemuConfig config) {
        this.config = config;
    }

    /**
     * What is installed.
     *
     * @throws IOException if there is none, or it does not have such machines; the message says what to do
     */
    Installed installed(Hypervisor hypervisor) throws IOException, InterruptedException {
        var answers = ask();
        var version = answers.get(1).path("return").path("qemu");
        var wanted = hypervisor == Hypervisor.QEMU_MICROVM ? "microvm" : "q35";
        var machine = machine(answers.get(2).path("return"), wanted);
        return new Installed(
                hypervisor,
                config.binary(),
                version.path("major").asInt() + "." + version.path("minor").asInt() + "."
                        + version.path("micro").asInt(),
                machine,
                accelerator(),
                hostKhz());
    }

    private static String machine(JsonNode machines, String wanted) throws IOException {
        for (var machine : machines) {
            var name = machine.path("name").asText();
            if (name.equals(wanted) || machine.path("alias").asText().equals(wanted)) {
                return name;
            }
        }
        throw new IOException("the installed QEMU has no machine of type " + wanted);
    }

    private List<JsonNode> ask() throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(
                            config.binary(),
                            "-nodefaults",
                            "-no-user-config",
                            "-display",
                            "none",
                            "-M",
                            "none",
                            "-qmp",
                            "stdio")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException(config.binary() + " is not installed (package qemu-system-x86)", e);
        }
        try {
            // into pipes that hold it all, so that no side waits for the other
            try (var questions = process.getOutputStream()) {
                questions.write(QUESTIONS.getBytes(StandardCharsets.US_ASCII));
            }
            var watchdog = process.onExit().orTimeout(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            var unused = watchdog.exceptionally(late -> process.destroyForcibly());
            var answers = new ArrayList<JsonNode>();
            for (var line : new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                var answer = MAPPER.readTree(line);
                if (answer.has("return")) {
                    answers.add(answer);
                }
            }
            if (answers.size() < 3) {
                throw new IOException(
                        config.binary() + " does not say what it is within " + ANSWER_LIMIT.toSeconds() + " s");
            }
            return answers;
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    private String accelerator() throws IOException, InterruptedException {
        return switch (config.accelerator()) {
            case KVM -> "kvm";
            case TCG -> "tcg";
            case AUTO -> kvmRunsGuests() ? "kvm" : "tcg";
        };
    }

    private boolean kvmRunsGuests() throws IOException, InterruptedException {
        if (!Files.isWritable(Path.of("/dev/kvm"))) {
            return false;
        }
        var disk = Files.createTempFile("snapfork-canary-", ".img");
        try {
            var sector = new byte[SECTOR];
            System.arraycopy(CANARY, 0, sector, 0, CANARY.length);
            sector[SECTOR - 2] = 0x55;
            sector[SECTOR - 1] = (byte) 0xaa;
            Files.write(disk, sector);
            var process = new ProcessBuilder(
                            config.binary(),
                            "-nodefaults",
                            "-no-user-config",
                            "-display",
                            "none",
                            "-no-reboot",
                            "-M",
                            "pc",
                            "-accel",
                            "kvm",
                            "-cpu",
                            "host",
                            "-m",
                            "16M",
                            "-device",
                            "isa-debug-exit,iobase=0x501,iosize=0x2",
                            "-drive",
                            "format=raw,file=" + disk)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return process.waitFor(CANARY_LIMIT.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == SUNG;
            } finally {
                process.destroyForcibly();
                process.waitFor();
            }
        } finally {
            Files.deleteIfExists(disk);
        }
    }

    private static long hostKhz() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .map(CLOCK::matcher)
                .filter(Matcher::matches)
                .map(clock -> Long.parseLong(clock.group(1)) * 1000)
                .findFirst()
                .orElse(GUESSED_KHZ);
    }
}
