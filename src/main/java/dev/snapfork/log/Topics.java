package dev.snapfork.log;

/** The topics' names; consumers outside depend on that of the events. */
public final class Topics {
    public static final String COMMANDS = "snapfork.commands";
    public static final String COMPRESSIONS = "snapfork.compressions";
    public static final String EVENTS = "snapfork.events";
    public static final String PROGRESS = "snapfork.progress";
    public static final String DEAD_LETTERS = "snapfork.commands.dlq";

    private Topics() {}
}
