package dev.snapfork.environment;

import dev.snapfork.local.LocalAddresses;
import dev.snapfork.local.LocalStackProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The local stack in a process of its own, on free ports and a temporary directory. */
final class EmbeddedEnvironment implements Environment {
    /** Unpacked once and kept until the next clean build. */
    private static final Path BINARIES = Path.of("target", "postgresql");

    private final Path data;
    private final LocalStackProcess stack;

    private EmbeddedEnvironment(Path data, LocalStackProcess stack) {
        this.data = data;
        this.stack = stack;
    }

    static EmbeddedEnvironment start() throws IOException {
        Path data = Files.createTempDirectory("snapfork-environment-");
        try {
            return new EmbeddedEnvironment(data, LocalStackProcess.start(data, BINARIES.toAbsolutePath()));
        } catch (IOException | RuntimeException e) {
            delete(data);
            throw e;
        }
    }

    private LocalAddresses addresses() {
        return stack.addresses();
    }

    @Override
    public String bootstrapServers() {
        return addresses().bootstrapServers();
    }

    @Override
    public String jdbcUrl() {
        return addresses().jdbcUrl();
    }

    @Override
    public String reactiveUrl() {
        return addresses().reactiveUrl();
    }

    @Override
    public String username() {
        return addresses().username();
    }

    @Override
    public String password() {
        return addresses().password();
    }

    @Override
    public void close() throws IOException {
        stack.close();
        delete(data);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
