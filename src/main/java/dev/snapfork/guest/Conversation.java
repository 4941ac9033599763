package dev.snapfork.guest;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Requests to one agent. The agent may not run yet, the monitor may not listen yet, and what was said to the machine before it was
 * saved may still be on the way: so a request is made again until an answer has its id or the time is over.
 */
final class Conversation {
    /** Longer than an agent takes at worst, two seconds for a hook that hangs. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int ID_BYTES = 8;

    private final Path socket;
    private final SecureRandom random;

    Conversation(Path socket, SecureRandom random) {
        this.socket = socket;
        this.random = random;
    }

    /**
     * Asks until there is an answer; empty when there is none in time.
     *
     * @param fields asked for anew each time that the request is made
     */
    Optional<Message> ask(String verb, Supplier<Map<String, String>> fields, Duration limit)
            throws InterruptedException {
        var deadline = Deadline.in(limit);
        while (!deadline.passed()) {
            try (var lines = LineChannel.connect(socket)) {
                return Optional.of(answer(lines, new Message(newId(), verb, fields.get()), deadline));
            } catch (IOException nobodyThereOrNoAnswer) {
                TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), deadline.nanosLeft()));
            }
        }
        return Optional.empty();
    }

    private static Message answer(LineChannel lines, Message request, Deadline deadline)
            throws IOException, InterruptedException {
        var patience = deadline.within(ANSWER_LIMIT);
        lines.write(request.encoded(), patience);
        while (true) {
            var answer = Message.decoded(lines.readLine(patience));
            if (answer.isPresent() && answer.get().id().equals(request.id())) {
                return answer.get();
            }
        }
    }

    /** Random, so that no answer to an earlier request is taken for one to this. */
    private String newId() {
        var id = new byte[ID_BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
