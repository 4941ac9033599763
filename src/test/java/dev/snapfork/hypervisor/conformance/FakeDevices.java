package dev.snapfork.hypervisor.conformance;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What a stand-in has open. All paths are looked at from its working directory, as a monitor would. */
final class FakeDevices {
    private final List<Channel> open = new ArrayList<>();

    /** Opens a disk and locks it: others may have it only if all of them only read. */
    void disk(String path, boolean readonly) throws IOException {
        var channel = readonly
                ? FileChannel.open(Path.of(path), StandardOpenOption.READ)
                : FileChannel.open(Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE);
        open.add(channel);
        if (channel.tryLock(0, Long.MAX_VALUE, readonly) == null) {
            throw new IOException("another has the lock of " + path);
        }
    }

    /** Listens; what is there already is not replaced. */
    void socket(String path) throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(server);
        server.bind(UnixDomainSocketAddress.of(path));
    }

    void log(String path) throws IOException {
        open.add(FileChannel.open(Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    static void readable(String path) throws IOException {
        if (!Files.isReadable(Path.of(path))) {
            throw new IOException("cannot read " + path);
        }
    }
}
