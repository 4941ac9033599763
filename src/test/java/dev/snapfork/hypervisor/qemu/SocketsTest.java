package dev.snapfork.hypervisor.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SocketsTest {
    private static final int MANY = 50;

    private static Deadline moment() {
        return Deadline.in(Duration.ofMillis(100), "connection");
    }

    @Test
    void nobodyWaitsWithoutEndForOneThatAcceptsNobody(@TempDir Path directory) throws IOException {
        var path = directory.resolve("socket");
        List<SocketChannel> waiting = new ArrayList<>();
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path), 1);

            assertThatThrownBy(() -> {
                        while (waiting.size() < MANY) {
                            waiting.add(Sockets.connect(path, moment()));
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("connection");

            assertThat(waiting).isNotEmpty();
            server.accept().close();
            waiting.add(Sockets.connect(path, moment()));
        } finally {
            for (var channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void whereNobodyListensThatIsSaidAtOnce(@TempDir Path directory) {
        assertThatThrownBy(() -> Sockets.connect(directory.resolve("nowhere"), Deadline.in(Duration.ofDays(1), "")))
                .isInstanceOf(IOException.class);
    }
}
