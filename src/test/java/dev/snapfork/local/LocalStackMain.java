package dev.snapfork.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The local stack as a process of its own, for tests and for dev mode: says where it is as {@code key=value} lines and a
 * last line {@code ready} on standard output, and ends in order when the process that started it is gone.
 *
 * <p>Arguments: data directory, directory for PostgreSQL's programs, Kafka's port, PostgreSQL's port (0 for any), and
 * {@code temporary} if the data is to be deleted at the end.
 */
final class LocalStackMain {
    static final String TEMPORARY = "temporary";

    /** The stack of a process that has just ended may still be stopping. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private LocalStackMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException, InterruptedException {
        Path data = Path.of(args[0]);
        int status = 1;
        try {
            BrokerLog.to(data.resolve("logs").resolve("kafka.log"));
            LocalStack stack = LocalStack.begin(new LocalStack.Settings(
                    data,
                    Path.of(args[1]),
                    Integer.parseInt(args[2]),
                    Integer.parseInt(args[3]),
                    PATIENCE,
                    System.err::println));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                close(stack);
                if (args.length > 4 && args[4].equals(TEMPORARY)) {
                    delete(data);
                }
            }));
            CompletableFuture<?> orphaned = ProcessHandle.current()
                    .parent()
                    .map(ProcessHandle::onExit)
                    .orElseThrow(() -> new LaunchException("The process that wanted a local stack is gone."));
            stack.await();
            LocalAddresses addresses = stack.addresses();
            Credentials credentials = Credentials.in(data);
            System.out.print("kafka.bootstrap.servers=" + addresses.bootstrapServers() + "\n"
                    + "quarkus.datasource.jdbc.url=" + addresses.jdbcUrl() + "\n"
                    + "quarkus.datasource.reactive.url=" + addresses.reactiveUrl() + "\n"
                    + "quarkus.datasource.username=" + addresses.username() + "\n"
                    + "quarkus.datasource.password=" + addresses.password() + "\n"
                    + "snapfork.data-dir=" + data + "\n"
                    + "snapfork.auth.secret-file=" + credentials.secretFile() + "\n"
                    + "ready\n");
            System.out.flush();
            CompletableFuture<String> broken = stack.broken();
            CompletableFuture.anyOf(orphaned, broken).get();
            if (broken.isDone()) {
                System.err.println(broken.get() + " ended, and with it the local stack.");
            } else {
                status = 0;
            }
        } catch (LaunchException | ExecutionException e) {
            System.err.println(e.getMessage());
        }
        System.exit(status);
    }

    private static void close(LocalStack stack) {
        try {
            stack.close();
        } catch (IOException e) {
            System.err.println("The local stack did not stop in order: " + e.getMessage());
        }
    }

    private static void delete(Path data) {
        try {
            Trees.delete(data);
        } catch (IOException e) {
            System.err.println("Temporary data stays behind: " + e.getMessage());
        }
    }
}
