package dev.snapfork.hypervisor.firecracker;

import dev.snapfork.hypervisor.MachineHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The socket by which a guest's vsock is reached. The state names it relative to the machine's directory, like everything; a link in
 * the runtime directory leads there, because its own path is too long for a socket's address.
 */
final class Vsock {
    /** Any number does: it is seen inside the machine only. */
    static final int CID = 3;

    /** As new machines have it. */
    static final String PLACE = "live/vsock.sock";

    /** As machines have it whose state came from elsewhere. */
    static final String TAKEN_OVER = "vsock.sock";

    private Vsock() {}

    static Path link(MachineHome home) {
        return home.runtime().resolve("vsock.sock");
    }

    /** Makes way for a socket, which Firecracker does not create where there is one. */
    static void prepare(MachineHome home, String place) throws IOException {
        var socket = home.directory().toAbsolutePath().resolve(place);
        Files.createDirectories(socket.resolveSibling("."));
        Files.deleteIfExists(socket);
        Files.createDirectories(home.runtime());
        Files.deleteIfExists(link(home));
        Files.createSymbolicLink(link(home), socket);
    }
}
