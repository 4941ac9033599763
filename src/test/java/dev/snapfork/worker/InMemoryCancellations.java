package dev.snapfork.worker;

import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests to cancel among workers that live in one process. */
final class InMemoryCancellations implements Cancellations {
    private record Entry(boolean takenUp, @Nullable Operation asked, Instant since) {}

    private final Map<OperationId, Entry> entries = new LinkedHashMap<>();
    private final Settlements settlements;

    private final Clock clock;

    InMemoryCancellations(Settlements settlements, Clock clock) {
        this.settlements = settlements;
        this.clock = clock;
    }

    /** Returns whether nobody has taken it up, nor ever will. */
    synchronized boolean ask(Operation operation) {
        var accepted = Operation.accepted(
                operation.id(),
                operation.kind(),
                operation.snapshotId(),
                operation.instanceId(),
                operation.createdAt());
        var entry = entries.merge(
                operation.id(),
                new Entry(false, accepted, clock.instant()),
                (before, asking) -> new Entry(before.takenUp(), accepted, before.since()));
        return !entry.takenUp() && settlements.find(operation.id()).isEmpty();
    }

    /** Whether nothing is kept of anybody's wish. */
    synchronized boolean isIdle() {
        return entries.values().stream().allMatch(entry -> entry.asked() == null);
    }

    @Override
    public synchronized Turn takeUp(OperationId operation) {
        var entry = entries.computeIfAbsent(operation, id -> new Entry(true, null, clock.instant()));
        if (!entry.takenUp()) {
            return Turn.WITHDRAWN;
        }
        return entry.asked() == null ? Turn.BEGIN : Turn.STOP;
    }

    @Override
    public synchronized List<Request> requests(int most) {
        return entries.values().stream()
                .<Request>mapMulti((entry, out) -> {
                    if (entry.asked() != null) {
                        out.accept(new Request(entry.asked(), entry.takenUp()));
                    }
                })
                .limit(most)
                .toList();
    }

    @Override
    public synchronized void forget(OperationId operation) {
        entries.computeIfPresent(operation, (id, entry) -> new Entry(entry.takenUp(), null, entry.since()));
    }

    @Override
    public synchronized void forgetSettled(Instant oldest) {
        entries.entrySet()
                .removeIf(entry -> entry.getValue().since().isBefore(oldest)
                        || (entry.getValue().takenUp()
                                && settlements.find(entry.getKey()).isPresent()));
    }
}
