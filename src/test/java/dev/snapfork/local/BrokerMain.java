package dev.snapfork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A broker as a process of its own, which runs until it is killed; says {@code ready} on standard output. */
final class BrokerMain {
    private BrokerMain() {}

    /** @param arguments the broker's data directory, its port, and a file with further settings if there are any */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var more = arguments.length > 2 ? settings(Path.of(arguments[2])) : Map.<String, String>of();
        try (var broker = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), more)) {
            System.out.println("ready");
            while (!broker.ended().isDone()) {
                TimeUnit.SECONDS.sleep(1);
            }
        }
        System.exit(1);
    }

    private static Map<String, String> settings(Path file) throws IOException {
        var read = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            read.load(reader);
        }
        var settings = new HashMap<String, String>();
        read.forEach((name, value) -> settings.put((String) name, (String) value));
        return settings;
    }
}
