package dev.snapfork.hypervisor.cloudhypervisor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.TapName;
import dev.snapfork.hypervisor.http.Version;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.Locale;

/** The configuration of a machine to begin. */
record NewMachine(MachineSpec spec, Places places) {
    /** Any number does: it is seen inside the machine only. */
    private static final int CID = 3;

    private static final String ZONE = "memory";

    /** The machine's own memory file: zeros, none of which takes up space. */
    void createMemory() throws IOException {
        var memory = places.home().memory();
        Files.createDirectories(memory.resolveSibling("."));
        Files.deleteIfExists(memory);
        try (var file = new RandomAccessFile(memory.toFile(), "rw")) {
            file.setLength(spec.memoryBytes());
        }
    }

    ObjectNode json(Version version) {
        var config = JsonNodeFactory.instance.objectNode();
        config.putObject("cpus").put("boot_vcpus", spec.vcpus()).put("max_vcpus", spec.vcpus());
        memory(config);
        payload(config);
        for (var disk : spec.disks()) {
            var json = config.withArray("disks")
                    .addObject()
                    .put("path", disk.file())
                    .put("readonly", disk.readonly());
            if (version.isAtLeast(51, 0)) {
                json.put("image_type", imageType(disk));
            }
            if (disk.format() == MachineSpec.Disk.Format.QCOW2 && version.isAtLeast(51, 0)) {
                json.put("backing_files", true);
            }
        }
        if (spec.mac() != null) {
            config.putArray("net").addObject().put("mac", spec.mac()).put("tap", TapName.of(places.home()));
        }
        config.putObject("rng").put("src", "/dev/urandom");
        config.putObject("serial")
                .put("mode", "File")
                .put("file", places.serialLog().toString());
        config.putObject("console").put("mode", "Off");
        config.putObject("vsock").put("cid", CID).put("socket", places.vsock().toString());
        return config;
    }

    /** Of size 0 beside its zones; a zone in a shared file is not written when the machine is saved, as it is in that file already. */
    private void memory(ObjectNode config) {
        config.putObject("memory")
                .put("size", 0)
                .putArray("zones")
                .addObject()
                .put("id", ZONE)
                .put("size", spec.memoryBytes())
                .put("file", places.home().memory().toAbsolutePath().toString())
                .put("shared", true);
    }

    private void payload(ObjectNode config) {
        var payload = config.putObject("payload")
                .put("kernel", spec.kernel().image().toString())
                .put("cmdline", spec.kernel().commandLine());
        if (spec.kernel().initrd() != null) {
            payload.put("initramfs", spec.kernel().initrd().toString());
        }
    }

    /** The format in the words of the configuration. */
    static String imageType(MachineSpec.Disk disk) {
        var name = disk.format().name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
