package dev.snapfork.deadletter;

import dev.snapfork.event.Emitters;

/** Dead letters of tests in which everything can be handled. */
public final class UnusedLetters extends LetterPublisher {
    public UnusedLetters() {
        super(Emitters.unused());
    }
}
