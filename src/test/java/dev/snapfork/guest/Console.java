package dev.snapfork.guest;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The serial console of an {@link ExampleGuest}. It answers {@code token}, {@code newtoken}, {@code session}, {@code counter}, {@code
 * set K V}, {@code get K}, {@code rand}, {@code hostname}, {@code mac}, {@code machine}, {@code time}, {@code dirty N}, {@code
 * dwrite TEXT}, {@code dread}, {@code sync} and {@code sh COMMAND}.
 */
public final class Console implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String COUNT = "C ";

    private final LineChannel lines;

    private Console(LineChannel lines) {
        this.lines = lines;
    }

    /**
     * Connects to the socket that the monitor has or will have, and waits until the guest counts: then it has booted, or goes on.
     *
     * @throws SocketTimeoutException if it does not within the limit
     */
    public static Console connect(Path socket, Duration limit) throws IOException, InterruptedException {
        var deadline = Deadline.in(limit);
        var console = new Console(patientlyTo(socket, deadline));
        try {
            while (!console.lines.readLine(deadline).startsWith(COUNT)) {
                // the kernel's words, or the rest of a line
            }
            return console;
        } catch (IOException | InterruptedException e) {
            console.close();
            throw e;
        }
    }

    private static LineChannel patientlyTo(Path socket, Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            try {
                return LineChannel.connect(socket);
            } catch (IOException e) {
                if (deadline.passed()) {
                    throw e;
                }
                TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), deadline.nanosLeft()));
            }
        }
    }

    /** Types a line; returns what the guest says to it, without the verb. */
    public String ask(String line, Duration limit) throws IOException, InterruptedException {
        var deadline = Deadline.in(limit);
        var answer = "A " + line.split(" ", 2)[0] + " ";
        // ends what somebody before may have typed in part
        lines.write("\n" + line + "\n", deadline);
        while (true) {
            var said = lines.readLine(deadline).replace("\r", "");
            if (said.startsWith(answer)) {
                return said.substring(answer.length());
            }
        }
    }

    /** The number that the guest counts to next. */
    public long count(Duration limit) throws IOException, InterruptedException {
        var deadline = Deadline.in(limit);
        while (true) {
            var said = lines.readLine(deadline).strip();
            if (said.startsWith(COUNT)) {
                return Long.parseLong(said.substring(COUNT.length()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
