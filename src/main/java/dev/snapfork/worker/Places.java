package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.store.Attempt;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives attempts their places in staging. */
@ApplicationScoped
class Places {
    private final PayloadStore store;
    private final Retries retries;

    Places(PayloadStore store, Retries retries) {
        this.store = store;
        this.retries = retries;
    }

    /**
     * A place, or why there is none.
     *
     * @param trouble null also where none is needed
     */
    record Place(@Nullable Attempt attempt, @Nullable IOException trouble) {
        /** Of what is done without. */
        static final Place NONE = new Place(null, null);
    }

    Place open(Command command, AttemptId attempt) {
        if (!Handlers.needsPlace(command)) {
            return Place.NONE;
        }
        var series = retries.begin();
        while (true) {
            try {
                return new Place(store.staging().open(attempt.operation(), attempt.name()), null);
            } catch (IOException e) {
                if (!series.again(attempt.operation(), e)) {
                    return new Place(null, e);
                }
            }
        }
    }
}
