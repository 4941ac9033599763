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

    InMemoryCancellations(Settlements settlements) {
        this.settlements = settlements;
    }

    synchronized void ask(Operation operation) {
        var accepted = Operation.accepted(
                operation.id(),
                operation.kind(),
                operation.snapshotId(),
                operation.instanceId(),
                operation.createdAt());
        entries.merge(
                operation.id(),
                new Entry(false, accepted, Clock.systemUTC().instant()),
                (before, asking) -> new Entry(before.takenUp(), accepted, before.since()));
    }

    @Override
    public synchronized Turn takeUp(OperationId operation) {
        var entry = entries.computeIfAbsent(
                operation, id -> new Entry(true, null, Clock.systemUTC().instant()));
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
        entries.remove(operation);
    }

    @Override
    public synchronized void forgetSettled(Instant oldest) {
        entries.entrySet()
                .removeIf(entry -> entry.getValue().since().isBefore(oldest)
                        || (entry.getValue().takenUp()
                                && settlements.find(entry.getKey()).isPresent()));
    }
}
