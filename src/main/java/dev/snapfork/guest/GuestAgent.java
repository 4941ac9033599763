package dev.snapfork.guest;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The agent in one machine, reached over the socket that the machine's monitor has for it. An agent that does not answer is no
 * exception but an answer of its own; no call takes longer than its limit. One call at a time: a monitor takes one client.
 */
public final class GuestAgent {
    /** Why nothing was reset, where nobody answers. */
    public static final String NO_ANSWER = "no agent answered";

    private static final int PROTOCOL = 1;
    private static final int ENTROPY_BYTES = 64;
    private static final String DONE = "done";
    private static final String FAILED = "failed:";

    private final Conversation conversation;
    private final SecureRandom random;
    private final Clock clock;

    /**
     * Connects to nothing yet.
     *
     * @param socket the monitor's; may come to be later
     * @param random what a machine's own randomness is made of
     * @param clock what a machine's clock is set to
     */
    public GuestAgent(Path socket, SecureRandom random, Clock clock) {
        this.conversation = new Conversation(socket, random);
        this.random = random;
        this.clock = clock;
    }

    /** Asks who is there; empty when nobody answers in time, or somebody who cannot be understood. */
    public Optional<Greeting> hello(Duration limit) throws InterruptedException {
        return conversation
                .ask("hello", Map::of, limit)
                .filter(GuestAgent::isOk)
                .flatMap(GuestAgent::greeting);
    }

    /**
     * Tells the machine who it is, with new entropy and the time. A machine that has been told the same generation before answers
     * what it answered then, so asking again does no harm.
     *
     * @param limit an agent is known to have failed after 2 s for its hook and some 0.1 s for the rest, so 5 s or more
     */
    public IdentityResult identify(Identity identity, Duration limit) throws InterruptedException {
        var items = new ArrayList<>(List.of(Item.ENTROPY, Item.CLOCK, Item.HOSTNAME, Item.INSTANCE_ID));
        if (identity.mac() != null) {
            items.add(Item.MAC);
        }
        return conversation
                .ask("identify", () -> fields(identity), limit)
                .map(answer -> result(items, answer))
                .orElseGet(() -> IdentityResult.none(items, NO_ANSWER));
    }

    /** Sets the machine's clock, which stood still while the machine was saved. */
    public IdentityResult setTime(Duration limit) throws InterruptedException {
        var items = List.of(Item.CLOCK);
        return conversation
                .ask("time", () -> Map.of("time", time()), limit)
                .map(answer -> result(items, answer))
                .orElseGet(() -> IdentityResult.none(items, NO_ANSWER));
    }

    /**
     * Asks the machine to shut down.
     *
     * @return whether it has said that it will; it does after that
     */
    public boolean shutdown(Duration limit) throws InterruptedException {
        return conversation
                .ask("shutdown", Map::of, limit)
                .filter(GuestAgent::isOk)
                .isPresent();
    }

    private Map<String, String> fields(Identity identity) {
        var entropy = new byte[ENTROPY_BYTES];
        random.nextBytes(entropy);
        var fields = new LinkedHashMap<String, String>();
        fields.put("generation", identity.generation().toString());
        fields.put("instance", identity.instanceId());
        fields.put("hostname", identity.hostname());
        if (identity.mac() != null) {
            fields.put("mac", identity.mac());
        }
        fields.put("entropy", HexFormat.of().formatHex(entropy));
        fields.put("time", time());
        return fields;
    }

    private String time() {
        return Long.toString(ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant()));
    }

    private static boolean isOk(Message answer) {
        return answer.word().equals("ok");
    }

    private static Optional<Greeting> greeting(Message answer) {
        var fields = answer.fields();
        if (!fields.getOrDefault("protocol", "").equals(Integer.toString(PROTOCOL))) {
            return Optional.empty();
        }
        return Optional.of(new Greeting(
                PROTOCOL,
                fields.getOrDefault("agent", ""),
                Set.of(fields.getOrDefault("capabilities", "").split(","))));
    }

    private static IdentityResult result(List<Item> items, Message answer) {
        if (!isOk(answer)) {
            return IdentityResult.none(items, "the agent refused: " + refusal(answer.fields()));
        }
        var asked = new ArrayList<>(items);
        if (answer.fields().containsKey(Item.HOOK.word())) {
            asked.add(Item.HOOK);
        }
        var reset = new ArrayList<String>();
        var notReset = new LinkedHashMap<String, String>();
        for (var item : asked) {
            var said = answer.fields().getOrDefault(item.word(), "the agent does not say");
            if (said.equals(DONE)) {
                reset.add(item.word());
            } else {
                notReset.put(item.word(), said.startsWith(FAILED) ? said.substring(FAILED.length()) : said);
            }
        }
        return new IdentityResult(reset, notReset);
    }

    private static String refusal(Map<String, String> fields) {
        return fields.getOrDefault("code", "error") + ", " + fields.getOrDefault("message", "no message");
    }
}
