package dev.snapfork.log;

import java.util.Set;

/** The topics' names; consumers outside depend on that of the events. */
public final class Topics {
    public static final String COMMANDS = "snapfork.commands";
    public static final String COMPRESSIONS = "snapfork.compressions";
    public static final String VERIFICATIONS = "snapfork.verifications";
    public static final String EVENTS = "snapfork.events";
    public static final String PROGRESS = "snapfork.progress";
    public static final String DEAD_LETTERS = "snapfork.commands.dlq";

    /** Those that workers take commands from. */
    public static final Set<String> OF_COMMANDS = Set.of(COMMANDS, COMPRESSIONS, VERIFICATIONS);

    /** Bytes of a record of the dead letters: the most that brokers take elsewhere, and what is said about it. */
    public static final int LARGEST_DEAD_LETTER = (1 << 20) + (256 << 10);

    private Topics() {}
}
