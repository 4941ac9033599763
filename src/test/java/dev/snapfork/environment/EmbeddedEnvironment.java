package dev.snapfork.environment;

import dev.snapfork.local.LocalAddresses;
import dev.snapfork.local.LocalStackProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The local stack in a process of its own, on free ports and a temporary directory. */
final class EmbeddedEnvironment implements Environment {
    /** Unpacked once and kept until the next clean build. */
    private static final Path BINARIES = Path.of("target", "postgresql");

    private final LocalStackProcess stack;

    private EmbeddedEnvironment(LocalStackProcess stack) {
        this.stack = stack;
    }

    static EmbeddedEnvironment start() throws IOException {
        Path data = Files.createTempDirectory("snapfork-environment-");
        return new EmbeddedEnvironment(LocalStackProcess.startTemporary(data, BINARIES.toAbsolutePath()));
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
    }
}
