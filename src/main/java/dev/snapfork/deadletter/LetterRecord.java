package dev.snapfork.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a record on the dead-letter topic says. */
public sealed interface LetterRecord {
    /** A record was buried. */
    record Buried(DeadLetter letter) implements LetterRecord {}

    /**
     * A letter was published again where it came from.
     *
     * @param attempt counts the letter's retries from 1
     * @param operation that of the new command, if it is one
     */
    record Retried(String letter, int attempt, @Nullable String operation, Instant at) implements LetterRecord {}

    /** Somebody has seen to the letter and wants it out of the list. */
    record Discarded(String letter, Instant at) implements LetterRecord {}
}
