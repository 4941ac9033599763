package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Counts how commands end where their end goes on record, which happens once however often a command comes: so sums over all
 * workers are right. An end that another attempt has put there is that one's to count.
 */
@Decorator
@Priority(1)
class CountedSettlements implements Settlements {
    private final Settlements settlements;
    private final OperationMeters meters;

    @Inject
    CountedSettlements(@Delegate Settlements settlements, OperationMeters meters) {
        this.settlements = settlements;
        this.meters = meters;
    }

    @Override
    public Optional<OperationSettled> record(OperationSettled settled, AttemptId attempt) {
        var recorded = settlements.record(settled, attempt);
        recorded.filter(found -> isThatEnd(found.outcome(), settled.outcome()))
                .ifPresent(found -> meters.count(settled.outcome()));
        return recorded;
    }

    private static boolean isThatEnd(Operation found, Operation ours) {
        return found.status() == ours.status()
                && found.finishedAt() != null
                && found.finishedAt().equals(ours.finishedAt());
    }

    @Override
    public Optional<OperationSettled> begin(AttemptId attempt) {
        return settlements.begin(attempt);
    }

    @Override
    public Optional<OperationSettled> find(OperationId operation) {
        return settlements.find(operation);
    }

    @Override
    public boolean isOpen(OperationId operation) {
        return settlements.isOpen(operation);
    }

    @Override
    public List<OperationSettled> failed() {
        return settlements.failed();
    }

    @Override
    public void forgetBefore(Instant time) {
        settlements.forgetBefore(time);
    }
}
