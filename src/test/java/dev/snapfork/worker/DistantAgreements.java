package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.OperationId;
import dev.snapfork.simulation.Network;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Agreements that lie behind the network. */
final class DistantAgreements implements NameClaims, Settlements, Cancellations {
    private final InMemoryAgreements agreements;
    private final Network network;

    DistantAgreements(InMemoryAgreements agreements, Network network) {
        this.agreements = agreements;
        this.network = network;
    }

    @Override
    public Optional<OperationSettled> begin(AttemptId attempt) {
        return network.call("begin", () -> agreements.begin(attempt));
    }

    @Override
    public Optional<OperationSettled> find(OperationId operation) {
        return network.call("find an end", () -> agreements.find(operation));
    }

    @Override
    public boolean isOpen(OperationId operation) {
        return network.call("find what is open", () -> agreements.isOpen(operation));
    }

    @Override
    public List<OperationSettled> failed() {
        return network.call("find what failed", agreements::failed);
    }

    @Override
    public Optional<OperationSettled> record(OperationSettled settled, AttemptId attempt) {
        return network.call("record an end", () -> agreements.record(settled, attempt));
    }

    @Override
    public void forgetBefore(Instant time) {
        network.call("forget", () -> {
            agreements.forgetBefore(time);
            return time;
        });
    }

    @Override
    public Turn takeUp(OperationId operation) {
        return network.call("take up", () -> agreements.cancellations().takeUp(operation));
    }

    @Override
    public List<Request> requests(int most) {
        return network.call(
                "find what is to be cancelled", () -> agreements.cancellations().requests(most));
    }

    @Override
    public void forget(OperationId operation) {
        network.call("forget a request", () -> {
            agreements.cancellations().forget(operation);
            return operation;
        });
    }

    @Override
    public void forgetSettled(Instant oldest) {
        network.call("forget requests", () -> {
            agreements.cancellations().forgetSettled(oldest);
            return oldest;
        });
    }

    @Override
    public Claim claim(String scope, String name, String owner, AttemptId attempt) {
        return network.call("claim", () -> agreements.claim(scope, name, owner, attempt));
    }

    @Override
    public void release(String owner, AttemptId attempt) {
        network.call("release", () -> {
            agreements.release(owner, attempt);
            return owner;
        });
    }

    @Override
    public boolean adopt(String scope, String name, String owner, OperationId cause) {
        return network.call("adopt", () -> agreements.adopt(scope, name, owner, cause));
    }

    @Override
    public Set<String> adoptFree(List<Holding> holdings) {
        return network.call("adopt what is free", () -> agreements.adoptFree(holdings));
    }

    @Override
    public Set<String> settledOwners() {
        return network.call("find owners", agreements::settledOwners);
    }

    @Override
    public void releaseGone(String owner) {
        network.call("release what is gone", () -> {
            agreements.releaseGone(owner);
            return owner;
        });
    }
}
