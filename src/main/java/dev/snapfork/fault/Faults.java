package dev.snapfork.fault;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Is told of each step when it has been passed, or for those of the disk when it is about to be made. From any thread. */
@FunctionalInterface
public interface Faults {
    /** No faults: production. */
    Faults NONE = step -> {};

    /**
     * Returns, at once or later, or does not.
     *
     * @throws IOException if the step is to fail, as the disk would have it fail
     */
    void at(Step step) throws IOException;

    /** The same where no failure of a disk is expected. */
    default void passed(Step step) {
        try {
            at(step);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
