package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The agreements of workers that live in one process. */
final class InMemoryAgreements implements NameClaims, Settlements {
    private record Place(String scope, String name) {}

    private record Owner(String id, OperationId operation) {}

    private record Begun(AttemptId attempt, Instant at) {}

    private final Clock clock;
    private final Map<Place, Owner> owners = new HashMap<>();
    private final Map<OperationId, Begun> latest = new HashMap<>();
    private final Map<OperationId, OperationSettled> ends = new LinkedHashMap<>();
    private final InMemoryCancellations cancellations;

    InMemoryAgreements() {
        this(Clock.systemUTC());
    }

    InMemoryAgreements(Clock clock) {
        this.clock = clock;
        this.cancellations = new InMemoryCancellations(this, clock);
    }

    /** What of it is about cancelling. */
    InMemoryCancellations cancellations() {
        return cancellations;
    }

    private boolean isLatest(AttemptId attempt) {
        var begun = latest.get(attempt.operation());
        return begun != null && begun.attempt().equals(attempt) && !ends.containsKey(attempt.operation());
    }

    @Override
    public synchronized Optional<OperationSettled> begin(AttemptId attempt) {
        var settled = find(attempt.operation());
        if (settled.isEmpty()) {
            latest.put(attempt.operation(), new Begun(attempt, clock.instant()));
        }
        return settled;
    }

    @Override
    public synchronized Optional<OperationSettled> find(OperationId operation) {
        return Optional.ofNullable(ends.get(operation));
    }

    @Override
    public synchronized boolean isOpen(OperationId operation) {
        return latest.containsKey(operation) && !ends.containsKey(operation);
    }

    @Override
    public synchronized List<OperationSettled> failed() {
        return ends.values().stream()
                .filter(end -> end.outcome().status() == OperationStatus.FAILED)
                .toList();
    }

    @Override
    public synchronized Optional<OperationSettled> record(OperationSettled settled, AttemptId attempt) {
        if (isLatest(attempt)) {
            ends.put(attempt.operation(), settled);
        }
        return find(attempt.operation());
    }

    @Override
    public synchronized void forgetBefore(Instant time) {
        ends.values().removeIf(end -> end.time().isBefore(time));
        latest.values()
                .removeIf(begun -> begun.at().isBefore(time)
                        && !ends.containsKey(begun.attempt().operation()));
    }

    @Override
    public synchronized Claim claim(String scope, String name, String owner, AttemptId attempt) {
        if (!isLatest(attempt)) {
            return Claim.LOST;
        }
        return give(scope, name, owner, attempt.operation()) ? Claim.HELD : Claim.TAKEN;
    }

    private boolean give(String scope, String name, String owner, OperationId operation) {
        return owners.computeIfAbsent(new Place(scope, name), place -> new Owner(owner, operation))
                .id()
                .equals(owner);
    }

    @Override
    public synchronized void release(String owner, AttemptId attempt) {
        if (isLatest(attempt)) {
            owners.values().removeIf(held -> held.id().equals(owner));
        }
    }

    @Override
    public synchronized boolean adopt(String scope, String name, String owner, OperationId cause) {
        return give(scope, name, owner, cause);
    }

    @Override
    public synchronized Set<String> adoptFree(List<Holding> holdings) {
        var adopted = new TreeSet<String>();
        for (var holding : holdings) {
            var place = new Place(holding.scope(), holding.name());
            if (owners.putIfAbsent(place, new Owner(holding.owner(), holding.cause())) == null) {
                adopted.add(holding.owner());
            }
        }
        return adopted;
    }

    @Override
    public synchronized Set<String> settledOwners() {
        var settled = new TreeSet<String>();
        for (var owner : owners.values()) {
            if (ends.containsKey(owner.operation())) {
                settled.add(owner.id());
            }
        }
        return settled;
    }

    @Override
    public synchronized void releaseGone(String owner) {
        owners.values().removeIf(held -> held.id().equals(owner));
    }

    /** The owners of all names. */
    synchronized Set<String> owners() {
        var all = new TreeSet<String>();
        owners.values().forEach(owner -> all.add(owner.id()));
        return all;
    }
}
