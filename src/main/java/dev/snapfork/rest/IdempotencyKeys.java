package dev.snapfork.rest;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers which command each key stands for, for all processes. After a failure the change may or may not have been made; the
 * next request with that key finds out. Finding and claiming fail with {@link KeyTakenException} where the key stands for a request
 * that made no command.
 */
interface IdempotencyKeys {
    /** The claim of a key; one made before {@code since} has expired and is not found. */
    Uni<Optional<Claim>> find(IdempotencyKey key, Instant since);

    /** Makes a claim, unless there is one that has not expired. Gives the one that stands: of rivals one wins. */
    Uni<Claim> claim(Claim wanted, Instant since);

    /**
     * Lets one more process publish the claim's command, once the time of the one that was to do so is over.
     *
     * @param until the end of the new publisher's time
     * @return whether the caller is the one
     */
    Uni<Boolean> takeOver(Claim claim, Instant now, Instant until);

    /** The caller did not get the command published: whoever comes next may try at once. */
    Uni<Void> giveBack(Claim claim);

    /** Forgets claims made before the time; returns how many, which is never more than {@code most}. */
    Uni<Integer> forgetBefore(Instant time, int most);
}
