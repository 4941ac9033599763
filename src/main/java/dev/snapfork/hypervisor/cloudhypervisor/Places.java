package dev.snapfork.hypervisor.cloudhypervisor;

import dev.snapfork.hypervisor.MachineHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a machine's monitor beside its disks and memory. All are of this host and in the runtime directory. */
record Places(MachineHome home) {
    Path vsock() {
        return runtime("vsock.sock");
    }

    Path serialLog() {
        return runtime("serial.log");
    }

    Path serialSocket() {
        return runtime("serial.sock");
    }

    Path consoleLog() {
        return runtime("console.log");
    }

    Path consoleSocket() {
        return runtime("console.sock");
    }

    /** What a machine is restored from, for as long as that takes. */
    Path restore() {
        return runtime("restore");
    }

    /** Makes way for sockets, which are not created where there are some. */
    void clear() throws IOException {
        Files.createDirectories(home.runtime());
        Files.deleteIfExists(vsock());
        Files.deleteIfExists(serialSocket());
        Files.deleteIfExists(consoleSocket());
    }

    private Path runtime(String name) {
        return home.runtime().toAbsolutePath().resolve(name);
    }
}
