package dev.snapfork.worker;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.Space.Answer;
import dev.snapfork.store.Space.Reservation;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Lets work that takes space begin only if there is room for it; what is kept for further forks makes room first. */
@ApplicationScoped
class Room {
    private static final long MIB = 1 << 20;

    private final PayloadStore store;
    private final MemoryCache cache;
    private final Faults faults;
    private final long keepFree;

    Room(PayloadStore store, MemoryCache cache, Faults faults, SnapforkConfig config) {
        this.store = store;
        this.cache = cache;
        this.faults = faults;
        this.keepFree = config.worker().keepFree().bytes();
    }

    /**
     * Reserves what the work will write.
     *
     * @param bytes at most, as far as that is known
     * @return to be closed when it is written
     * @throws RefusedException if there is no room
     */
    Reservation reserve(Work work, long bytes) throws IOException {
        var answer = store.space().reserve(work.place(), bytes, keepFree);
        if (answer instanceof Answer.Refused && cache.evictUnused() > 0) {
            answer = store.space().reserve(work.place(), bytes, keepFree);
        }
        return switch (answer) {
            case Answer.Granted(var reservation) -> {
                faults.at(Step.SPACE_RESERVED);
                yield reservation;
            }
            case Answer.Refused(var needed, var free) ->
                throw new RefusedException(new Refusal(
                        RefusalCode.INSUFFICIENT_RESOURCES,
                        "this needs " + Math.ceilDiv(needed, MIB) + " MiB on the data directory's filesystem, of which "
                                + Math.max(0, free / MIB)
                                + " MiB are neither occupied nor reserved: delete snapshots or instances, or try again"
                                + " when other work has finished"));
        };
    }
}
