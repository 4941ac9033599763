package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.OperationId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The agreements of workers that live in one process. */
final class InMemoryAgreements implements NameClaims, Settlements {
    private record Place(String scope, String name) {}

    private final Map<Place, String> owners = new ConcurrentHashMap<>();
    private final Map<OperationId, OperationSettled> ends = new ConcurrentHashMap<>();

    @Override
    public boolean claim(String scope, String name, String owner, OperationId operation) {
        return owners.computeIfAbsent(new Place(scope, name), place -> owner).equals(owner);
    }

    @Override
    public void release(String owner) {
        owners.values().removeIf(owner::equals);
    }

    @Override
    public Optional<OperationSettled> find(OperationId operation) {
        return Optional.ofNullable(ends.get(operation));
    }

    @Override
    public OperationSettled record(OperationSettled settled) {
        return ends.computeIfAbsent(settled.outcome().id(), id -> settled);
    }

    @Override
    public void forgetBefore(Instant time) {
        ends.values().removeIf(end -> end.time().isBefore(time));
    }
}
