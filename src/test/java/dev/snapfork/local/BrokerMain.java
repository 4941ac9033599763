package dev.snapfork.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A broker as a process of its own, which runs until it is killed; says {@code ready} on standard output. */
final class BrokerMain {
    private BrokerMain() {}

    /** @param arguments the broker's data directory and its port */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (var broker = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]))) {
            System.out.println("ready");
            while (!broker.ended().isDone()) {
                TimeUnit.SECONDS.sleep(1);
            }
        }
        System.exit(1);
    }
}
